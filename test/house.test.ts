import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { circlesIn, graphOf } from './graph';
import { breaches, rooms } from './house';

let planted: string;
beforeEach(() => {
	planted = mkdtempSync(join(tmpdir(), 'house-'));
});
afterEach(() => rmSync(planted, { recursive: true }));

/** Writes files, each with its text, into a house of its own. */
function plant(files: Record<string, string>): void {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(planted, name)), { recursive: true });
		writeFileSync(join(planted, name), text);
	}
}
const lines = (count: number) => 'export {};\n'.repeat(count);

describe('a circle of imports', () => {
	const found = () => circlesIn(graphOf(planted, ['nodes', 'sandbox']));

	test.each<[string, string]>([
		['a value', "import { b } from './b';"],
		['a type', "import type { B } from './b';"],
		['a type beside a value', "import { type B } from './b';"],
		['what it passes on', "export * from './b';"],
		['a type in place', "export type A = import('./b').B;"],
		['what it loads later', "export const a = async () => await import('./b');"],
	])('is found where a file imports %s', (_, text) => {
		plant({ 'nodes/a.ts': text, 'nodes/b.ts': "import type { A } from './a';" });
		expect(found()).toEqual([['nodes/a.ts', 'nodes/b.ts', 'nodes/a.ts']]);
	});

	test('is named with every file on its way', () => {
		plant({
			'sandbox/server.ts': "import './control/index';",
			'sandbox/control/index.ts': "import '../deep/world';",
			'sandbox/deep/world.ts': "import type { S } from '../server';",
		});
		expect(found()).toEqual([
			[
				'sandbox/control/index.ts',
				'sandbox/deep/world.ts',
				'sandbox/server.ts',
				'sandbox/control/index.ts',
			],
		]);
	});

	test('is found where a folder is imported, and where a file imports itself', () => {
		plant({
			'nodes/a.ts': "import './room';",
			'nodes/room/index.ts': "import '../a';",
			'nodes/self.ts': "import './self';",
		});
		expect(found()).toEqual([
			['nodes/a.ts', 'nodes/room/index.ts', 'nodes/a.ts'],
			['nodes/self.ts', 'nodes/self.ts'],
		]);
	});

	test('is not seen in two ways to one file, in comments, or in what is not ours', () => {
		plant({
			'nodes/a.ts': "import './b';\nimport './c';",
			'nodes/b.ts': "import './d';",
			'nodes/c.ts': "import './d';",
			'nodes/d.ts': "// import './a';\nimport 'n8n-workflow';\nimport './nothing';",
		});
		expect(found()).toEqual([]);
	});
});

describe('the rules of the house', () => {
	const sound = {
		'nodes/shared/contract/outcome.ts': 'export {};',
		'nodes/shared/contract/call.ts': "import './outcome';",
		'nodes/shared/fields/text.ts': "import '../contract/outcome';",
		'nodes/shared/wire/send.ts':
			"import '../contract/call';\nexport const send = (host: any) => host.helpers.httpRequest();",
		'nodes/shared/item/plan.ts':
			"import '../contract/call';\nimport '../fields/text';\nimport '../wire/send';",
		'nodes/shared/listen/hook.ts': "import '../wire/send';\n// this.helpers are for wire",
		'nodes/shared/execute.ts': "import './item/plan';\nimport './output';",
		'nodes/shared/output.ts': lines(150),
		'nodes/Fox/fields.ts': "import '../shared/fields/text';",
		'nodes/Fox/provider.ts': `import './fields';\nimport '../shared/contract/call';\n${lines(197)}`,
		'nodes/Fox/Fox.node.ts': "import '../shared/execute';\nimport './provider';",
	};

	test('are kept by a sound one', () => {
		plant(sound);
		expect(breaches(planted)).toEqual([]);
	});

	const allowed = Object.entries(rooms).flatMap(([from, may]) =>
		Object.keys(rooms).map((to) => ({ from, to, may: from === to || may.includes(to) })),
	);
	test.each(allowed)('$from imports $to: $may', ({ from, to, may }) => {
		plant({
			[`nodes/shared/${from}/from.ts`]: `import '../${to}/to';`,
			[`nodes/shared/${to}/to.ts`]: 'export {};',
		});
		const breach = `nodes/shared/${from}/from.ts may not import nodes/shared/${to}/to.ts`;
		expect(breaches(planted)).toEqual(may ? [] : [breach]);
	});

	test.each<[string, string, string]>([
		['a room that imports a door', 'nodes/shared/item/plan.ts', '../execute'],
		['a room that imports a provider', 'nodes/shared/item/plan.ts', '../../Fox/provider'],
		['a door that imports a provider', 'nodes/shared/execute.ts', '../Fox/provider'],
		['a provider that imports a door', 'nodes/Fox/provider.ts', '../shared/execute'],
		['a provider that imports wire', 'nodes/Fox/provider.ts', '../shared/wire/send'],
		['a provider that imports item', 'nodes/Fox/replies.ts', '../shared/item/plan'],
		['a provider that imports another', 'nodes/Cow/provider.ts', '../Fox/provider'],
		['a provider that imports its node', 'nodes/Fox/provider.ts', './Fox.node'],
		['a node that imports a room', 'nodes/Fox/Fox.node.ts', '../shared/item/plan'],
		['a node that imports another provider', 'nodes/Cow/Cow.node.ts', '../Fox/provider'],
	])('notice %s', (_, from, imported) => {
		plant({ ...sound, [from]: `import type { X } from '${imported}';` });
		const path = join(dirname(from), `${imported}.ts`);
		expect(breaches(planted)).toEqual([`${from} may not import ${path}`]);
	});

	test.each<[string, string]>([
		['used', 'export const a = (host: any) => host.helpers.httpRequest();'],
		['used by name', "export const a = (host: any) => host['helpers'];"],
		['taken out', 'export const a = ({ helpers }: any) => helpers;'],
		['taken out under another name', 'export const a = ({ helpers: h }: any) => h;'],
	])("notice n8n's helpers %s outside of wire", (_, text) => {
		const files = ['nodes/shared/item/plan.ts', 'nodes/shared/execute.ts', 'nodes/Fox/provider.ts'];
		for (const file of files) {
			plant({ ...sound, [file]: text });
			expect(breaches(planted)).toEqual([`${file} touches n8n's helpers, which only wire may`]);
		}
	});

	test('notice a file that is too long, and a room that is not known', () => {
		plant({
			...sound,
			'nodes/shared/output.ts': lines(151),
			'nodes/shared/item/plan.ts': lines(151),
			'nodes/Fox/provider.ts': lines(200),
			'nodes/shared/attic/old.ts': lines(1),
		});
		expect(breaches(planted)).toEqual([
			'nodes/Fox/provider.ts has 200 lines, 199 are allowed',
			'nodes/shared/attic/old.ts is in a room that is not known',
			'nodes/shared/item/plan.ts has 151 lines, 150 are allowed',
			'nodes/shared/output.ts has 151 lines, 150 are allowed',
		]);
	});
});

describe('this house', () => {
	const root = join(__dirname, '..');

	test('has no circle of imports', () => {
		expect(circlesIn(graphOf(root, ['nodes', 'sandbox']))).toEqual([]);
	});

	test('keeps its rules', () => expect(breaches(root)).toEqual([]));
});
