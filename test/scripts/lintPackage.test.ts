import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { writeMirrors } from '../../scripts/mirrors/write';

// A test lints two packages at most, and the tests run concurrently.
jest.setTimeout(180_000);

const root = path.resolve(__dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'lint-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A small package with its build, without the source of the engine, which only takes time. */
const sound = (async () => {
	const [{ folder }] = await writeMirrors(root, scratch, 'FirstPromoter');
	for (const part of ['nodes/shared', 'nodes/FirstPromoter', 'credentials']) {
		cpSync(path.join(root, 'dist', part), path.join(folder, 'dist', part), { recursive: true });
	}
	rmSync(path.join(folder, 'nodes/shared'), { recursive: true });
	return folder;
})();

/** The exit code and output of `npm run lint:package` on a changed copy of the package, outside of git. */
async function lint(change: (copy: string) => void): Promise<{ code: number; text: string }> {
	const copy = mkdtempSync(path.join(scratch, 'copy-'));
	cpSync(await sound, copy, { recursive: true });
	symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	change(copy);
	return await new Promise((resolve) => {
		const script = path.join(root, 'scripts/lintPackage.mjs');
		// Under jest's NODE_ENV, n8n's rules take every file for a node.
		const env = { ...process.env, NODE_ENV: '' };
		execFile(process.execPath, [script, copy], { env }, (reason, stdout, stderr) =>
			resolve({ code: Number(reason?.code ?? 0), text: stdout + stderr }),
		);
	});
}

const edit = (copy: string, file: string, before: string, after: string) => {
	const text = readFileSync(path.join(copy, file), 'utf8');
	if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
	writeFileSync(path.join(copy, file), text.replaceAll(before, after));
};
const node = 'nodes/FirstPromoter/FirstPromoter.node';

/** How many of the five checks found nothing. */
const passedChecks = (text: string) => text.match(/nothing found/g)?.length;

test.concurrent(
	'outside of git, too, a second package.json, a shared way to sign in and a comment that switches a rule off are errors, and hide no other',
	async () => {
		const comment = `// ${'eslint-' + 'disable'}-next-line no-console`;
		const { code, text } = await lint((copy) => {
			writeFileSync(path.join(copy, 'sandbox/package.json'), '{}');
			const both = ["apiVersion: ['v2']", "apiVersion: ['v1', 'v2']"] as const;
			edit(copy, `${node}.ts`, ...both);
			edit(copy, `dist/${node}.js`, ...both);
			const returned = 'return await execute';
			edit(copy, `${node}.ts`, returned, `${comment}\n\t\tconsole.log(1);\n\t\t${returned}`);
		});
		expect([code, passedChecks(text)]).toEqual([1, 2]);
		expect(text).toContain('sandbox/package.json is a second package.json');
		expect(text).toContain('may use firstPromoterApi and firstPromoterV2Api at once');
		expect(text).toContain(`${node}.ts switches a check off`);
		expect(text).toMatch(/has no effect because/);
		expect(text).toMatch(/no-console$/m);
	},
);

test.concurrent.each<[string, (copy: string) => void, RegExp]>([
	['no build', (copy) => rmSync(path.join(copy, 'dist'), { recursive: true }), /there is no build/],
	['no LICENSE', (copy) => rmSync(path.join(copy, 'LICENSE')), /LICENSE/],
	['a broken package.json', (copy) => writeFileSync(path.join(copy, 'package.json'), '{'), /JSON/],
])('a folder with %s is refused in one message', async (_, change, message) => {
	const { code, text } = await lint(change);
	expect(code).toBe(1);
	expect(text).toMatch(/could not be checked: /);
	expect(text).toMatch(message);
	expect(text).not.toMatch(/^\s+at /m);
});
