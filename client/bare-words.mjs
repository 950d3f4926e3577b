/** Finds what a person would read in the sources although it is in no catalogue. Used by check-words.mjs. */
import { traverse } from '@babel/core';
import { parse } from '@babel/parser';

/** Attributes that no person reads; of the others a text that reads as words is for one. */
const FOR_BROWSERS =
  /^(className|d|viewBox|transform|points|style|fill|stroke|stopColor|href|to|preserveAspectRatio|data-.*)$/;

/** Whose text is words for a catalogue already, or for a program. */
const MACROS = new Set(['t', 'msg', 'plural', 'select', 'selectOrdinal', 'defineMessage']);
const FOR_PROGRAMS =
  /^(Error|TypeError|RangeError|NotLoaded|matchMedia|querySelector(All)?|closest|addEventListener|removeEventListener|fetch|useFragment|console|URL|RegExp|createElement)$/;

/** The product's name, a drawing's path, and what else is the same in every language. */
const SAME_EVERYWHERE = /^(AIBC|AIBC Credits|Bearer \u2026|\u2026 UTC|M0 .*)$/;

/** A sentence, a name with a capital letter, or words apart by a space; a code such as `cache-first` or `IMAGE_SHORT` is none. */
const readsAsWords = (text) =>
  /\p{L}/u.test(text) &&
  !/^[\p{Lu}\d_]+$/u.test(text.trim()) &&
  (/\p{L}\S*\s|\s\S*\p{L}/u.test(text) || /^\p{Lu}\p{Ll}/u.test(text.trim()));

const calleeName = ({ callee, tag }) => {
  const called = callee ?? tag;
  return called?.property?.name ?? called?.name ?? '';
};

/** Whether a literal at this path is for a program, by what stands around it. */
function isForProgram(path) {
  let isWithinElement = false;
  for (let at = path; at !== null; at = at.parentPath) {
    const { node, parent, key } = at;
    if (node.type === 'JSXElement' && node.openingElement.name.name === 'Trans') return true;
    if (node.type === 'TaggedTemplateExpression' && MACROS.has(calleeName(node))) return path.parentPath === at;
    if (
      (node.type === 'CallExpression' || node.type === 'NewExpression') &&
      (MACROS.has(calleeName(node)) || FOR_PROGRAMS.test(calleeName(node)))
    )
      return true;
    if (/^JSX(Element|Fragment)$/.test(node.type)) isWithinElement = true;
    if (node.type === 'JSXAttribute' && !isWithinElement) {
      const name = node.name.type === 'JSXIdentifier' ? node.name.name : '';
      if (FOR_BROWSERS.test(name)) return true;
    }
    if (parent === null) return false;
    if (/^(Import|Export(All|Named))/.test(parent.type) && key === 'source') return true;
    if (
      parent.type === 'TSLiteralType' ||
      parent.type === 'Directive' ||
      (parent.type === 'SwitchCase' && key === 'test')
    )
      return true;
    if (parent.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator)) return true;
    if (parent.type === 'ObjectProperty' && (key === 'key' || /^(__typename|fragmentName)$/.test(parent.key.name)))
      return true;
    if (parent.type === 'MemberExpression' && key === 'property') return true;
    if (/Function|Method/.test(node.type)) return false;
  }
  return false;
}

/**
 * What is written for a person without a macro of Lingui.
 *
 * @returns where each begins and ends in the source, its line, kind and text
 */
export function bareWords(source) {
  const found = [];
  const add = (path, text) => {
    if (SAME_EVERYWHERE.test(text.trim())) return;
    if (!readsAsWords(text) && path.node.type !== 'JSXText') return;
    if (isForProgram(path)) return;
    found.push({
      start: path.node.start,
      end: path.node.end,
      line: path.node.loc.start.line,
      kind: path.node.type,
      text: text.replace(/\s+/g, ' ').trim(),
      path,
    });
  };
  traverse(parse(source, { sourceType: 'module', plugins: ['typescript', 'jsx'] }), {
    JSXText: (path) => void (/\p{L}/u.test(path.node.value) && add(path, path.node.value)),
    StringLiteral: (path) => add(path, path.node.value),
    TemplateLiteral: (path) => add(path, path.node.quasis.map(({ value }) => value.cooked).join('\u2026')),
  });
  return found;
}
