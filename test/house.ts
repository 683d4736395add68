import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { graphOf } from './graph';

/** The rooms of nodes/shared, and which other rooms each may import. */
export const rooms: Record<string, string[]> = {
	contract: [],
	fields: ['contract'],
	wire: ['contract'],
	item: ['contract', 'fields', 'wire'],
	listen: ['contract', 'fields', 'wire'],
};

const most = { shared: 150, provider: 200 };

/** What in nodes/ breaks the rules of the house, a sentence each. */
export function breaches(root: string): string[] {
	const graph = graphOf(root, ['nodes']);
	const imports = [...graph].flatMap(([from, all]) => all.map((to) => ({ from, to })));
	return [
		...imports.filter(({ from, to }) => !mayImport(from, to)).map(said),
		...[...graph.keys()].flatMap((file) => aboutText(file, readFileSync(join(root, file), 'utf8'))),
	].sort();
}

const said = ({ from, to }: { from: string; to: string }) => `${from} may not import ${to}`;

/** Where a file stands: in a room, among the doors, as a node class, or in a provider's folder. */
function place(file: string): { kind: 'room' | 'door' | 'node' | 'provider'; name: string } {
	const [, folder, inside, deeper] = file.split('/');
	if (folder !== 'shared') {
		return { kind: file.endsWith('.node.ts') ? 'node' : 'provider', name: folder };
	}
	return deeper === undefined ? { kind: 'door', name: inside } : { kind: 'room', name: inside };
}

function mayImport(from: string, to: string): boolean {
	const [importing, imported] = [place(from), place(to)];
	const isOwn = importing.name === imported.name;
	switch (importing.kind) {
		case 'room':
			return (
				imported.kind === 'room' && (isOwn || (rooms[importing.name] ?? []).includes(imported.name))
			);
		case 'door':
			return imported.kind === 'room' || imported.kind === 'door';
		case 'node':
			return imported.kind === 'door' || (imported.kind === 'provider' && isOwn);
		case 'provider':
			return imported.kind === 'room'
				? ['contract', 'fields'].includes(imported.name)
				: imported.kind === 'provider' && isOwn;
	}
}

function aboutText(file: string, text: string): string[] {
	const { kind, name } = place(file);
	const lines = text.trimEnd().split('\n').length;
	const shared = kind === 'room' || kind === 'door';
	const allowed = shared
		? most.shared
		: file.endsWith('/provider.ts')
			? most.provider - 1
			: Infinity;
	return [
		...(lines > allowed ? [`${file} has ${lines} lines, ${allowed} are allowed`] : []),
		...(kind === 'room' && !(name in rooms) ? [`${file} is in a room that is not known`] : []),
		...(usesHelpers(text) && !(kind === 'room' && name === 'wire')
			? [`${file} touches n8n's helpers, which only wire may`]
			: []),
	];
}

/** `this.helpers`, `context['helpers']`, `const { helpers } = …`; not the word in a comment or a type. */
function usesHelpers(text: string): boolean {
	const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
	const found = (node: ts.Node): boolean =>
		isHelpers(node) || ts.forEachChild(node, found) === true;
	return found(source);
}

function isHelpers(node: ts.Node): boolean {
	if (ts.isPropertyAccessExpression(node)) return node.name.text === 'helpers';
	if (ts.isElementAccessExpression(node)) {
		const { argumentExpression: index } = node;
		return ts.isStringLiteralLike(index) && index.text === 'helpers';
	}
	return ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === 'helpers';
}
