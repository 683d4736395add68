import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

/** A Fastify plugin with a name. Fastify searches all loaded modules for the name of an unnamed one. */
export const namedPlugin = (
	name: string,
	add: (scope: FastifyInstance) => unknown,
): FastifyPluginAsync =>
	Object.assign(async (scope: FastifyInstance) => void (await add(scope)), {
		[Symbol.for('fastify.display-name')]: name,
	});
