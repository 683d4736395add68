import type { INodePropertyOptions } from 'n8n-workflow';
import { type Form, forms } from './credentials';
import { picture } from './picture';
import { places } from './places';
import { eventually } from '../eventually';
import { openScreen, type Screen } from './screen';

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen();
	await screen.page.goto(`${places.editor}/home/credentials`);
});
afterAll(async () => await screen?.close());

/** Opens an empty form, as "Create credential" does. */
async function create(displayName: string): Promise<void> {
	const { page } = screen;
	const form = page.getByTestId('editCredential-modal');
	await eventually(async () => {
		if (!(await form.isVisible())) return;
		await page.keyboard.press('Escape');
		// n8n asks before it discards unsaved changes.
		const close = page
			.getByRole('button', { name: 'Close', exact: true })
			.filter({ visible: true });
		await form
			.waitFor({ state: 'hidden', timeout: 1500 })
			.catch(async () => await close.first().click());
		expect(await form.isVisible()).toBe(false);
	});
	await page
		.getByRole('button', { name: 'Create credential' })
		.or(page.getByTestId('add-resource-credential'))
		.first()
		.click();
	const kinds = page.getByTestId('new-credential-type-select').locator('input');
	await kinds.fill(displayName);
	await page
		.getByTestId('new-credential-type-select-option')
		.getByText(displayName, { exact: true })
		.click();
	await page.getByTestId('new-credential-type-button').click();
	await form.waitFor();
}

const field = (name: string) =>
	screen.page.getByTestId(`parameter-input-${name}`).locator('input, textarea').first();

/** The rows of a collection, each with its values by field name. */
type Rows = Record<string, Array<Record<string, string>>>;

async function fillIn({ fields }: Form): Promise<void> {
	const { page } = screen;
	for (const { property, value } of fields) {
		if (property.type === 'options') {
			const chosen = (property.options as INodePropertyOptions[]).find(
				(option) => option.value === value,
			)!;
			await field(property.name).click();
			await page.getByRole('option', { name: chosen.name, exact: true }).click();
		} else if (property.type === 'fixedCollection') {
			for (const row of Object.values(value as Rows).flat()) {
				await page.getByRole('button', { name: property.placeholder }).click();
				for (const [name, text] of Object.entries(row)) {
					const inputs = page.getByTestId(`parameter-input-${name}`).locator('input, textarea');
					await inputs.last().fill(text);
				}
			}
		} else await field(property.name).fill(value as string);
	}
}

const save = async () => await screen.page.getByTestId('credential-save-button').click();

describe.each(forms(places.sandbox))('the form of $displayName', (form) => {
	const { displayName, secret, fields, type } = form;
	beforeAll(async () => {
		await create(displayName);
		await fillIn(form);
	});

	it('masks the secret fields', async () => {
		for (const { property } of fields) {
			if (property.type !== 'string') continue;
			const { name } = property;
			const isCovered = (await field(name).getAttribute('type')) === 'password';
			expect([name, isCovered]).toEqual([name, secret.includes(name)]);
		}
	});

	it('says that the connection works', async () => {
		await save();
		const { page } = screen;
		const success = page.getByTestId('credentials-config-container-test-success');
		await success.getByText('Connection tested successfully').waitFor();
		if (type !== 'funnelFoxApi') return;
		const modal = await page.getByTestId('editCredential-modal').boundingBox();
		if (modal) await picture(page, 'credential', { ...modal, height: 570 });
	});

	it('says that a wrong key is not accepted', async () => {
		const told = screen.page.getByTestId('node-credentials-config-container');
		// The form ignores clicks for a moment after it was saved.
		await eventually(async () => {
			await field(secret[0]).fill('wrong-key');
			await field(secret[0]).press('Tab');
			await screen.page.getByTestId('credential-save-button').click({ timeout: 3000 });
			await told.getByText('Couldn’t connect with these settings').waitFor({ timeout: 3000 });
		}, 30_000);
		await told.getByText('More details').click();
		await told
			.getByText(/did not accept the|does not let this/)
			.first()
			.waitFor();
	});
});

describe('the form of Smokeball OAuth2 API', () => {
	it('asks for the app and its region', async () => {
		await create('Smokeball OAuth2 API');
		const form = screen.page.getByTestId('node-credentials-config-container');
		await form.getByTestId('parameter-input-region').waitFor();
		for (const label of ['Grant Type', 'Client ID', 'API Key', 'Region', 'Environment']) {
			await form.locator('label', { hasText: label }).first().waitFor();
		}
		for (const name of ['clientSecret', 'apiKey']) {
			expect([name, await field(name).getAttribute('type')]).toEqual([name, 'password']);
		}
	});
});
