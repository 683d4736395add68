import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import nock from 'nock';

import { unseal } from '../../nodes/shared/trigger/sealedSecret';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { Trigger } from './host';

/** How one provider with signed webhooks is driven: its trigger on one side, its API on the other. */
export interface SignedProvider {
	name: string;
	/** The key of its credential. */
	secret: string;
	node: string;
	credential: string;
	account(url: string): Record<string, string>;
	/** The header of the signature. */
	header: string;
	sub(who: string): string;
	/** Sends the webhook with this ID to another address. */
	redirect(sandbox: Sandbox, id: string, url: string): Promise<unknown>;
	cancel(sandbox: Sandbox, who: string, when: 'periodEnd' | 'immediately'): Promise<unknown>;
	resume(sandbox: Sandbox, who: string): Promise<unknown>;
	sign(secret: string, text: string): string;
	/** The vendor's own check of a delivery. @throws where it refuses */
	verify(text: string, signature: string, secret: string): Promise<unknown>;
}

const folder = resolve(__dirname, '../providers');

/** The providers with signed webhooks, from the folders of the providers' tests. */
export const signedProviders: SignedProvider[] = readdirSync(folder)
	.map((name) => join(folder, name, 'signed.ts'))
	.filter((file) => existsSync(file))
	.map((file) => (jest.requireActual(file) as { signedProvider: SignedProvider }).signedProvider);

// The sandbox answers, and not nock; which would stay in Node's own http for the next file.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));
afterAll(() => nock.restore());

/** A trigger on an account of the sandbox. */
export const triggerOf = async (
	{ node, credential, account }: Pick<SignedProvider, 'node' | 'credential' | 'account'>,
	sandbox: Sandbox,
	parameters = {},
	id?: string,
): Promise<Trigger> =>
	await Trigger.of({
		...{ node, parameters, credentials: { [credential]: account(sandbox.url) } },
		...(id !== undefined && { id }),
	});

/** What the trigger has saved of its webhook. */
export const registrationOf = ({ saved }: Trigger): Record<string, string> =>
	Object.values(saved as Record<string, { registration: Record<string, string> }>)[0].registration;

/** The secret that the sandbox signs with. */
export const secretOf = (provider: SignedProvider, trigger: Trigger): string =>
	unseal(registrationOf(trigger).sealedSecret, [provider.secret]) ?? '';

/** A customer of the provider cancels: the items that the trigger starts an execution with. */
export async function cancelled(
	provider: SignedProvider,
): Promise<INodeExecutionData[] | undefined> {
	nock.enableNetConnect('127.0.0.1');
	const sandbox = await startSandbox();
	try {
		const trigger = await triggerOf(provider, sandbox);
		await trigger.activate();
		await provider.cancel(sandbox, 'ada', 'periodEnd');
		await sandbox.deliveriesDone();
		// Not sent, because the trigger's address is not of this machine.
		const [{ body }] = sandbox.deliveries(provider.name);
		const text = JSON.stringify(body);
		const header = provider.sign(secretOf(provider, trigger), text);
		return (await trigger.deliver(Buffer.from(text), { [provider.header]: header })).items;
	} finally {
		await sandbox.close();
	}
}
