import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

/** A part of the server by its name. For one without, Fastify searches all modules that are loaded, each time. */
export const namedPlugin = (
	name: string,
	add: (scope: FastifyInstance) => unknown,
): FastifyPluginAsync =>
	Object.assign(async (scope: FastifyInstance) => void (await add(scope)), {
		[Symbol.for('fastify.display-name')]: name,
	});
