import { type Browser, chromium, type Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

// A sandbox of its own, so that nothing of n8n's is changed here.
let sandbox: Sandbox;
let browser: Browser;
let page: Page;
let receiver: Server;
const answers: number[] = [];
const troubles: string[] = [];

beforeAll(async () => {
	const faults = [
		{ provider: 'funnelFox', kind: 'rateLimit', target: 'sub_fay', note: 'for the rehearsal' },
		{ provider: 'reditus', kind: 'serverErrorAfter', target: 'cus_fay' },
	] as const;
	sandbox = await startSandbox({ scenario: { faults: [...faults] } });
	receiver = createServer((request, response) => {
		request.resume();
		response.writeHead(answers.shift() ?? 200).end();
	});
	await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
	});
	page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
	page.on('pageerror', ({ message }) => troubles.push(message));
});

beforeEach(async () => {
	sandbox.reset();
	await page.goto(sandbox.url);
	await page.locator('#customers table').waitFor();
});

afterAll(async () => {
	expect(troubles).toEqual([]);
	await browser?.close();
	receiver?.close();
	await sandbox?.close();
});

const customer = (name: string) => page.locator('#customers tbody tr').filter({ hasText: name });
const asV1 = { 'x-api-key': 'sandbox_firstpromoter_v1' };
const v1 = async (method: string, path: string) =>
	await fetch(`${sandbox.url}/firstpromoter/api/v1${path}`, { method, headers: asV1 });

describe('the status page', () => {
	it('shows everybody, and folds what one person has too much of', async () => {
		const names = await page.locator('#customers tbody tr td:first-child').allInnerTexts();
		expect(names).toEqual(expect.arrayContaining(['ada@example.com', 'twin@example.com', 'bare']));
		const many = customer('many@example.com');
		expect(await many.locator('summary').allInnerTexts()).toEqual(['and 117 more', 'and 117 more']);
		await many.locator('summary').first().click();
		await many.getByText('or_many_120').waitFor();
		// It stays unfolded when something changes.
		sandbox.change('azotte', 'or_many_107', { state: 'PastDue' });
		await many.getByText('PastDue').waitFor();
		expect(await many.getByText('or_many_120').isVisible()).toBe(true);
	});

	it('finds a customer by a part of a name', async () => {
		await page.getByLabel('Find a customer').fill('SUB_TWIN');
		await page.getByText('1 of').waitFor();
		expect(await page.locator('#customers tbody tr').count()).toBe(1);
	});

	it('names faults in the list as in the form, and says which are armed from the start', async () => {
		expect(await page.locator('#armed').innerText()).toContain('2 faults are armed');
		await page.locator('#kind').selectOption({ label: '200, with an error inside' });
		await page.getByRole('button', { name: 'Add' }).click();
		await page.locator('#faults li').nth(2).waitFor();
		expect(await page.locator('#faults li').allInnerTexts()).toEqual([
			expect.stringMatching(/429, with Retry-After · sub_fay .* for the rehearsal$/),
			expect.stringMatching(/500, although written .* armed at the start$/),
			expect.stringMatching(
				/^All · 200, with an error inside · writes · 1× per record · so far 0$/,
			),
		]);
	});

	it('counts as twice what was written twice, not a cancel and a restore', async () => {
		const twice = page
			.locator('#stats tr')
			.filter({ hasText: 'FirstPromoter' })
			.locator('td')
			.nth(3);
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await v1('PUT', '/leads/update?uid=cus_ada&state=active');
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await page.locator('#journal tbody tr').nth(2).waitFor();
		expect(await page.locator('#journal').innerText()).not.toContain('again');
		expect(await twice.innerText()).toBe('0');
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await page.getByText('again').waitFor();
		await expect(twice.innerText()).resolves.toBe('1');
	});

	it('lets a customer leave, marks what has changed, and shows each call with its answer', async () => {
		answers.push(500);
		const { port } = receiver.address() as AddressInfo;
		await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
		await page.getByRole('button', { name: 'Paste' }).click();
		await page.getByText('FunnelFox: 1').waitFor();
		await page.getByRole('button', { name: 'sub_ada leaves by themselves' }).click();
		await customer('ada@example.com').getByText('changed').waitFor();
		const calls = page.locator('#deliveries tbody tr');
		await calls.nth(1).waitFor();
		const texts = (await calls.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
		expect(texts).toEqual([
			expect.stringMatching(/ FunnelFox subscription\.auto_renew_off http.*\/hook 2 200$/),
			expect.stringMatching(/ FunnelFox subscription\.auto_renew_off http.*\/hook 1 500$/),
		]);
		await page.getByRole('button', { name: 'sub_ada comes back by themselves' }).click();
		await page.getByRole('button', { name: 'sub_ada leaves by themselves' }).waitFor();
		await page.getByRole('button', { name: 'Reset the sandbox' }).click();
		await page.getByText('No webhook has been called yet.').waitFor();
		expect(sandbox.webhooks('funnelFox')).toHaveLength(1);
	});
});
