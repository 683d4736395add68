import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { writeMirrors } from '../../scripts/mirrors/write';

// Each of them lints a package twice, all of them side by side.
jest.setTimeout(180_000);

const root = path.resolve(__dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'lint-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A small package, with what was built of it. */
const sound = (async () => {
	const [{ folder }] = await writeMirrors(root, scratch, 'FirstPromoter');
	for (const part of ['nodes/shared', 'nodes/FirstPromoter', 'credentials']) {
		cpSync(path.join(root, 'dist', part), path.join(folder, 'dist', part), { recursive: true });
	}
	return folder;
})();

/** What `npm run lint:package` says of a copy of it that was changed. */
async function said(change: (copy: string) => void): Promise<{ code: number; text: string }> {
	const copy = mkdtempSync(path.join(scratch, 'copy-'));
	cpSync(await sound, copy, { recursive: true });
	symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	execFileSync('git', ['init', '-q'], { cwd: copy });
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

/** All that is looked at is in order, but for some. */
const inOrder = (text: string) => text.match(/nothing to say/g)?.length;

test.concurrent('a second package.json turns it red', async () => {
	const { code, text } = await said((copy) =>
		writeFileSync(path.join(copy, 'sandbox/package.json'), '{}'),
	);
	expect([code, inOrder(text)]).toEqual([1, 4]);
	expect(text).toContain('sandbox/package.json is a second package.json');
});

test.concurrent('credentials that share a way to sign in turn it red', async () => {
	const { code, text } = await said((copy) => {
		const both = ["apiVersion: ['v2']", "apiVersion: ['v1', 'v2']"] as const;
		edit(copy, `${node}.ts`, ...both);
		edit(copy, `dist/${node}.js`, ...both);
	});
	expect([code, inOrder(text)]).toEqual([1, 4]);
	expect(text).toContain('may use firstPromoterApi and firstPromoterV2Api at once');
});

test.concurrent('a comment that switches a rule off turns it red, and hides nothing', async () => {
	const comment = `// ${'eslint-' + 'disable'}-next-line no-console`;
	const { code, text } = await said((copy) =>
		edit(
			copy,
			`${node}.ts`,
			'return await execute',
			`${comment}\n\t\tconsole.log(1);\n\t\treturn await execute`,
		),
	);
	expect(code).toBe(1);
	expect(text).toContain(`${node}.ts switches a check off`);
	expect(text).toMatch(/has no effect because/);
	expect(text).toMatch(/no-console$/m);
});
