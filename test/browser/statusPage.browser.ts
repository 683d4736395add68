import { type Browser, chromium, type Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

// A sandbox of its own, so that the tests in n8n keep their records.
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
	it('lists every customer and folds the fourth and later records of one', async () => {
		const names = await page.locator('#customers tbody tr td:first-child').allInnerTexts();
		expect(names).toEqual(
			expect.arrayContaining(['ada@example.com', 'twin@example.com', 'bare@example.com']),
		);
		const many = customer('many@example.com');
		expect(await many.locator('summary').allInnerTexts()).toEqual(Array(6).fill('117 more'));
		await many.locator('summary').first().click();
		await many.getByText('or_many_120').waitFor();
		// The list stays open when a record changes.
		sandbox.change('azotte', 'or_many_107', { state: 'PastDue' });
		await many.getByText('PastDue').waitFor();
		expect(await many.getByText('or_many_120').isVisible()).toBe(true);
	});

	it('shows and copies the values of each credential form', async () => {
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		const forms = page.locator('#credentials > div');
		const form = forms.filter({ has: page.getByRole('heading', { name: 'FunnelFox API' }) });
		const url = `${sandbox.url}/funnelfox/public/v1`;
		expect(await form.locator('dt, code').allInnerTexts()).toEqual([
			'Secret Key',
			'secret_sandbox_funnelfox',
			'Base URL',
			url,
		]);
		await form.getByRole('button', { name: `Copy Base URL ${url}` }).click();
		await page.getByText(`Copied: ${url}`).waitFor();
		expect(await page.evaluate(async () => await navigator.clipboard.readText())).toBe(url);
	});

	it('finds a customer by a part of a name', async () => {
		await page.getByLabel('Find a customer').fill('SUB_TWIN');
		await page.getByText('1 of').waitFor();
		expect(await page.locator('#customers tbody tr').count()).toBe(1);
	});

	it('names faults in the list as in the form, and announces those of the start', async () => {
		expect(await page.locator('#startFaults').innerText()).toContain('2 faults were set');
		await page.locator('#kind').selectOption({ label: '200, with an error inside' });
		await page.getByRole('button', { name: 'Add fault' }).click();
		await page.locator('#faults li').nth(2).waitFor();
		expect(await page.locator('#faults li').allInnerTexts()).toEqual([
			expect.stringMatching(/429, with Retry-After · sub_fay .* for the rehearsal$/),
			expect.stringMatching(/Error 500, but it was done .* set at the start$/),
			expect.stringMatching(
				/^All · 200, with an error inside · writes · 1× per record · applied 0×$/,
			),
		]);
	});

	it('counts a repeated write, but not a cancel and a restore', async () => {
		const twice = page
			.locator('#stats tr')
			.filter({ hasText: 'FirstPromoter' })
			.locator('td')
			.nth(3);
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await v1('PUT', '/leads/update?uid=cus_ada&state=active');
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await page.locator('#journal tbody tr').nth(2).waitFor();
		expect(await page.locator('#journal').innerText()).not.toContain('repeated');
		expect(await twice.innerText()).toBe('0');
		await v1('POST', '/track/cancellation?uid=cus_ada');
		await page.locator('#journal').getByText('repeated').waitFor();
		await expect(twice.innerText()).resolves.toBe('1');
	});

	it('cancels for a customer, marks the record, and shows each webhook call with its response', async () => {
		answers.push(500);
		const { port } = receiver.address() as AddressInfo;
		await page.getByLabel('Webhook URL').fill(`http://127.0.0.1:${port}/hook`);
		await page.getByRole('button', { name: 'Save URL' }).click();
		await page.getByText('1 registered for FunnelFox').waitFor();
		await page.getByRole('button', { name: 'Cancel sub_ada' }).click();
		await customer('ada@example.com').getByText('changed').waitFor();
		const calls = page.locator('#deliveries tbody tr');
		await calls.nth(1).waitFor();
		const texts = (await calls.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
		expect(texts).toEqual([
			expect.stringMatching(/ FunnelFox subscription\.auto_renew_off http.*\/hook 2 200$/),
			expect.stringMatching(/ FunnelFox subscription\.auto_renew_off http.*\/hook 1 500$/),
		]);
		await page.getByRole('button', { name: 'Reactivate sub_ada' }).click();
		await page.getByRole('button', { name: 'Cancel sub_ada' }).waitFor();
		await page.getByRole('button', { name: 'Reset the sandbox' }).click();
		await page.getByText('No webhook has been called yet.').waitFor();
		expect(sandbox.webhooks('funnelFox')).toHaveLength(1);
	});

	it.each([
		['Stripe', 'sub_1SandboxSample', 'Ada', 'Gus'],
		['Paddle', 'sub_01sandbox00000000000000', 'ada', 'gus'],
		['Recurly', 's000000000', 'ada', 'gus'],
	])('offers at %s what the customer can do', async (_, prefix, running, ended) => {
		const act = async (verb: string) =>
			await page.getByRole('button', { name: `${verb} ${prefix}${running}`, exact: true }).click();
		await act('Cancel');
		await act('Reactivate');
		await page.getByRole('button', { name: `Cancel ${prefix}${running}`, exact: true }).waitFor();
		await page.getByText(`${prefix}${ended}`, { exact: true }).waitFor();
		expect(await page.getByRole('button', { name: `${prefix}${ended}` }).count()).toBe(0);
	});
});
