import { setTimeout as sleep } from 'node:timers/promises';

import { Unexpected } from './api.mjs';

const BALANCE = 'balance { id available held version }';
const RECEIPT = `... on ReservationReceipt { replayed reservation { id status reserved committed } ${BALANCE} }`;
const PROBLEM = '... on Problem { message }';

const QUOTE = `query Quote($input: QuoteInput!) { quote(input: $input) { __typename ... on Quote { token total sufficient } ${PROBLEM} } }`;
const mutation = (name, type) =>
  `mutation ${name[0].toUpperCase()}${name.slice(1)}($input: ${type}!) { ${name}(input: $input) { __typename ${RECEIPT} ${PROBLEM} } }`;
const MUTATIONS = {
  reserveCredits: mutation('reserveCredits', 'ReserveCreditsInput'),
  commitReservation: mutation('commitReservation', 'CommitReservationInput'),
  releaseReservation: mutation('releaseReservation', 'ReleaseReservationInput'),
  spendCredits: mutation('spendCredits', 'SpendCreditsInput'),
};

/** What is done, the more often the heavier. */
const OPERATIONS = {
  'image.short': 10,
  'image.mid': 5,
  'image.long': 1.5,
  'audio.short': 2,
  'audio.mid': 0.7,
  'video.short': 1.5,
  'video.mid': 0.5,
  'video.long': 0.2,
  deep_scan: 0.5,
  'regeneration.basic': 7,
  'regeneration.advanced': 3,
  'content.generate': 6,
  'media.upload': 4,
  standard_scan: 2,
};
/** Done at once, so held and committed in one step. */
const AT_ONCE = /^(regeneration|content|media|standard)/;
const ON_EVERY_PLAN = /^(regeneration\.basic|content|media|standard)/;

const ENDINGS = { done: 78, failed: 6, blocked: 2, canceled: 6, left: 3, parts: 5 };

const PROJECTS = ['Spring launch', 'Autumn catalogue', 'Podcast pilot', 'Customer stories'];
const MEMBERS = { free: ['demo-free'], pro: ['demo-pro', 'mia', 'jonas'], enterprise: ['ava', 'noah', 'lena', 'omar'] };

const anyOf = (items) => items[Math.floor(Math.random() * items.length)];

function weighted(weights) {
  let left = Math.random() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const [name, weight] of Object.entries(weights)) if ((left -= weight) < 0) return name;
  return Object.keys(weights)[0];
}

/** Works done by the studio's server on behalf of an account's members, one call of `run` a piece. */
export class Studio {
  #runId = `sim-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`;
  #works = 0;

  constructor(api, tally, onShort) {
    this.api = api;
    this.tally = tally;
    this.onShort = onShort;
  }

  /** Quotes, reserves, works a moment and says how it ended; counts what came of it. */
  async run(role) {
    try {
      const { outcome, credits } = await this.#work(role);
      this.tally.ended(outcome, credits);
    } catch (error) {
      this.tally.failed(error);
    }
  }

  async #work(role) {
    const { accountId } = await this.api.session(role);
    const key = `${this.#runId}-${(this.#works += 1)}`;
    const operation = weighted(
      role === 'free'
        ? Object.fromEntries(Object.entries(OPERATIONS).filter(([code]) => ON_EVERY_PLAN.test(code)))
        : OPERATIONS,
    );
    const ending = AT_ONCE.test(operation) ? 'done' : weighted(ENDINGS);
    const quantity = ending === 'parts' ? 3 : 1;

    const { quote } = await this.api.call('service', 'quote', QUOTE, {
      input: { accountId, operations: [{ operation, quantity }] },
    });
    if (quote.__typename !== 'Quote')
      throw new Unexpected(`quote of ${operation}: ${quote.__typename}, ${quote.message}`);
    if (!quote.sufficient) return this.#short(role);

    const input = {
      accountId,
      quoteToken: quote.token,
      member: anyOf(MEMBERS[role]),
      project: anyOf(PROJECTS),
      reference: `${operation.split(/[._]/)[0]}-${key}`,
    };
    if (AT_ONCE.test(operation)) {
      const spent = await this.#ask('spendCredits', { ...input, idempotencyKey: key });
      return spent.reservation ? { outcome: 'done', credits: spent.reservation.committed } : this.#refused(role, spent);
    }
    const opened = await this.#ask('reserveCredits', {
      ...input,
      idempotencyKey: key,
      ttlSeconds: ending === 'left' ? 3 : 120,
    });
    if (!opened.reservation) return this.#refused(role, opened);
    await sleep(200 + Math.random() * 2_000);
    return this.#end(opened.reservation.id, key, ending, operation, quantity);
  }

  async #end(reservationId, key, ending, operation, quantity) {
    const commit = (part, rest) =>
      this.#ask('commitReservation', { reservationId, idempotencyKey: `${key}-${part}`, ...rest });
    if (ending === 'left') return { outcome: 'left to expire', credits: 0 };
    if (ending === 'canceled') {
      return this.#closed(
        ending,
        await this.#ask('releaseReservation', { reservationId, idempotencyKey: `${key}-release` }),
      );
    }
    if (ending === 'failed' || ending === 'blocked')
      return this.#closed(ending, await commit('end', { outcome: ending.toUpperCase() }));
    if (ending === 'parts') {
      for (let part = 1; part < quantity; part += 1) {
        const answer = await commit(part, { operations: [{ operation, quantity: 1 }], final: part === quantity - 1 });
        if (!answer.reservation || part === quantity - 1) return this.#closed('done in parts', answer);
        await sleep(100 + Math.random() * 500);
      }
    }
    return this.#closed('done', await commit('end', {}));
  }

  async #ask(name, input) {
    const data = await this.api.call('service', name, MUTATIONS[name], { input });
    return data[name];
  }

  #closed(outcome, answer) {
    if (answer.reservation) return { outcome, credits: answer.reservation.committed };
    // The account's clock was moved past the end of the hold meanwhile.
    if (answer.__typename === 'ReservationClosed') return { outcome: 'closed before', credits: 0 };
    throw new Unexpected(`${outcome}: ${answer.__typename}, ${answer.message}`);
  }

  #refused(role, answer) {
    if (answer.__typename === 'InsufficientCredits') return this.#short(role);
    if (answer.__typename === 'QuoteNotValid') return { outcome: 'quote too old', credits: 0 };
    throw new Unexpected(`${answer.__typename}, ${answer.message}`);
  }

  async #short(role) {
    await this.onShort(role);
    return { outcome: 'too few credits', credits: 0 };
  }
}
