import type { FastifyPluginAsync, FastifyPluginCallback } from 'fastify';

const DISPLAY_NAME = Symbol.for('fastify.display-name');

/** A plugin of this name. For one without a name Fastify looks through every module that is loaded, at each start. */
export function named<Plugin extends FastifyPluginAsync | FastifyPluginCallback>(name: string, plugin: Plugin): Plugin {
  return Object.assign(plugin, { [DISPLAY_NAME]: name });
}
