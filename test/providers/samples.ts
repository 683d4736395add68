import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeType } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import type { Provider } from '../../nodes/shared/contract/provider';
import type { Ask, Facts } from './facts';

/** The facts of every provider, by its name, from the folders beside this file. */
export const facts: Record<string, Facts> = Object.fromEntries(
	readdirSync(__dirname)
		.map((name) => ({ name, file: join(__dirname, name, 'facts.ts') }))
		.filter(({ file }) => existsSync(file))
		.map(({ name, file }) => [name, (jest.requireActual(file) as { facts: Facts }).facts]),
);

/** The requests of every provider for each call that is described; a provider without a node has `asks.ts`. */
export const asks: Record<string, Ask[]> = Object.fromEntries(
	readdirSync(__dirname)
		.map((name) => ({ name, file: join(__dirname, name, 'asks.ts') }))
		.map(
			({ name, file }) =>
				[
					name,
					existsSync(file) ? (jest.requireActual(file) as { asks: Ask[] }).asks : facts[name]?.asks,
				] as const,
		)
		.filter(([, all]) => all !== undefined),
);

const nodes = join(__dirname, '../../nodes');

/** Every provider, from the folders of nodes/. */
export const providers: Array<{ folder: string; provider: Provider }> = readdirSync(nodes)
	.map((folder) => ({ folder, file: join(nodes, folder, 'provider.ts') }))
	.filter(({ file }) => existsSync(file))
	.map(({ folder, file }) => {
		const module = jest.requireActual(file) as Record<string, Provider | undefined>;
		return { folder, provider: Object.values(module).find((one) => one?.operations)! };
	});

/** What n8n's list of nodes calls a provider's node, by its folder in nodes/. */
export function nodeTitle(folder: string): string {
	const file = join(nodes, folder, `${folder}.node.ts`);
	const Node = (jest.requireActual(file) as Record<string, new () => INodeType>)[folder];
	return new Node().description.displayName;
}

/** Every key that must never be seen outside a request's headers. */
export const secrets: string[] = Object.values(keys).flatMap((account) =>
	Object.entries(account)
		.filter(([name]) => /key|token|secret/i.test(name))
		.map(([, value]) => value),
);
