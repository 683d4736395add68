import { eventually } from '../eventually';
import { type BrowserContext, chromium, type Locator, type Page, selectors } from 'playwright-core';
import type { INodeExecutionData } from 'n8n-workflow';
import { formAuthorization } from '../../host/formCredentials';
import type { WorkflowFile } from '../../host/n8n';
import { ownerOf } from '../../host/owner';
import { places, userFolder } from './places';

// n8n's attribute for tests.
selectors.setTestIdAttribute('data-test-id');

/** Debian's path; CHROMIUM names another Chromium or Chrome. */
const program = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A browser in which the owner is signed in to n8n. */
export interface Screen {
	page: Page;
	/** Calls n8n's internal API as the page does. */
	rest<T>(method: string, path: string, body?: unknown): Promise<T>;
	/** Saves a copy of a workflow. @returns its id */
	keep(workflow: Workflow): Promise<string>;
	/** Opens a workflow on the canvas. */
	open(workflowId: string): Promise<void>;
	/** Opens an empty canvas. */
	openNew(): Promise<void>;
	/** Opens a node on the canvas. @returns the column with its parameters */
	openNode(name: string): Promise<Locator>;
	/** Back to the canvas. */
	closeNode(): Promise<void>;
	close(): Promise<void>;
}

export type Workflow = Pick<WorkflowFile, 'name' | 'nodes' | 'connections'> & {
	/** Pinned data by node name. */
	pinData?: Record<string, INodeExecutionData[]>;
};

/** @param options.forms whether the browser has the user and the password of the forms already */
export async function openScreen(
	options: { theme?: 'light' | 'dark'; width?: number; height?: number; forms?: boolean } = {},
): Promise<Screen> {
	const { theme = 'light', width = 1400, height = 1000, forms = false } = options;
	const context = await chromium.launchPersistentContext(places.profile, {
		executablePath: program,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			// Tests use no network: n8n's page asks npm's registry. A Playwright route would switch off the cache.
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
		],
		colorScheme: theme,
		reducedMotion: 'reduce',
		viewport: { width, height },
		locale: 'en-GB',
		timezoneId: 'UTC',
		// Playwright's httpCredentials would switch off the browser's cache, and each page would take 10 s longer.
		extraHTTPHeaders: forms ? { authorization: formAuthorization(ownerOf(userFolder)) } : undefined,
	});
	context.setDefaultTimeout(20_000);
	await context.addInitScript(noteSockets);
	const [page] = context.pages();
	await signIn(page);
	// While its first page loads, the editor goes on to that page from wherever a test has gone.
	await page.waitForLoadState('networkidle');
	// n8n binds a session to its browser.
	const browser = await page.evaluate(() => localStorage.getItem('n8n-browserId') ?? '');
	const rest = restOf(context, browser);
	/** @param part a part of the page at this address, and of no page before */
	const visit = async (address: string, part: Locator) => {
		await goTo(page, address);
		// The editor may stay where it was while it is still busy there.
		await part.waitFor({ timeout: 8000 }).catch(async () => {
			await page.goto(places.editor + address);
			await part.waitFor();
		});
		// Without this connection, the editor refuses to run anything.
		await page.waitForFunction(() =>
			(window as Noted).sockets?.some(({ readyState }) => readyState === WebSocket.OPEN),
		);
	};
	return {
		page,
		rest,
		async keep({ name, nodes, connections, pinData }) {
			const settings = { executionOrder: 'v1' };
			const body = { name, nodes, connections, settings, pinData };
			return (await rest<{ id: string }>('POST', '/workflows', body)).id;
		},
		async open(id) {
			const nodes = page.getByTestId('canvas-node');
			await nodes.evaluateAll((all) => all.forEach(({ dataset }) => (dataset.former = 'true')));
			const node = page.locator('[data-test-id=canvas-node]:not([data-former])').first();
			await visit(`/workflow/${id}`, node);
		},
		async openNew() {
			const plus = page.getByTestId('canvas-plus-button').filter({ visible: true });
			await visit('/workflow/new', plus.last());
		},
		async openNode(name) {
			const node = page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
			const panel = page.getByTestId('node-parameters');
			await eventually(async () => {
				// The menu may already be open, but still empty.
				if (!(await page.getByTestId('ndv').isVisible())) await node.dblclick({ timeout: 5000 });
				await panel.getByTestId('parameter-item').first().waitFor({ timeout: 5000 });
			});
			return panel;
		},
		async closeNode() {
			const close = page.getByTestId('ndv-close-button');
			await eventually(async () => {
				if (await close.isVisible()) await close.click({ timeout: 5000 });
				await close.waitFor({ state: 'hidden', timeout: 5000 });
			});
		},
		async close() {
			await context.close();
		},
	};
}

type Noted = Window & { sockets?: WebSocket[] };

/** Runs in the page, before its own scripts: notes the page's connections to n8n. */
function noteSockets(): void {
	const sockets: WebSocket[] = ((window as Noted).sockets = []);
	window.WebSocket = class extends WebSocket {
		constructor(...settings: ConstructorParameters<typeof WebSocket>) {
			super(...settings);
			sockets.push(this);
		}
	};
}

/** Goes on within n8n's editor, as its links do: to load it anew takes four seconds of a processor. */
async function goTo(page: Page, address: string): Promise<void> {
	const isWithin = new URL(page.url()).origin === places.editor;
	// Left before an execution's end, the editor keeps that a form is open, and opens no other.
	const stop = page.getByTestId('stop-execution-button');
	const isIdle = async () =>
		await stop.waitFor({ state: 'hidden', timeout: 5000 }).then(
			() => true,
			() => false,
		);
	if (!isWithin || !(await isIdle())) {
		await page.goto(places.editor + address);
		return;
	}
	await page.evaluate((path) => {
		history.pushState(null, '', path);
		dispatchEvent(new PopStateEvent('popstate', { state: null }));
	}, address);
}

/** By hand, as a user does. The first file of a run signs in; the others use its profile, and n8n's files in its cache. */
async function signIn(page: Page): Promise<void> {
	const owner = ownerOf(userFolder);
	await page.goto(`${places.editor}/signin`);
	const form = page.locator('input[name=emailOrLdapLoginId]');
	// The page to which n8n's editor leads at last.
	const isSignedIn = (url: URL) => url.pathname.startsWith('/home');
	await Promise.race([form.waitFor(), page.waitForURL(isSignedIn)]);
	if (isSignedIn(new URL(page.url()))) return;
	await form.fill(owner.email);
	await page.locator('input[type=password]').fill(owner.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(isSignedIn);
}

function restOf(context: BrowserContext, browser: string): Screen['rest'] {
	return async <T>(method: string, address: string, data?: unknown): Promise<T> => {
		const response = await context.request.fetch(`${places.editor}/rest${address}`, {
			method,
			data,
			headers: { 'browser-id': browser },
		});
		if (!response.ok()) {
			throw new Error(`n8n answered ${response.status()}: ${await response.text()}`);
		}
		return ((await response.json()) as { data: T }).data;
	};
}
