import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { Operation, Provider } from './contract/provider';
import type { Candidate } from './contract/verdict';
import { nowFound } from './fields/locator';
import { candidatesOf, lineOf } from './item/candidates';
import { isDone } from './item/item';
import { typedValues, type Typed } from './item/values';
import { openAccount } from './wire/account';
import { inEditor } from './wire/exchange';
import { redact } from './wire/secrets';

/**
 * What the search of a locator would find now, as the one entry of the field under it; reads only.
 * Never throws: what is in the way is what it says.
 */
export async function found(
	this: ILoadOptionsFunctions,
	provider: Provider,
): Promise<INodePropertyOptions[]> {
	const inTheWay = (reason: Error): Words => ({ name: reason.message });
	return [{ ...(await lookUp(this, provider).catch(inTheWay)), value: nowFound }];
}

/** In a few words, and in full. */
type Words = Pick<INodePropertyOptions, 'name' | 'description'>;

async function lookUp(host: ILoadOptionsFunctions, provider: Provider): Promise<Words> {
	const name = String(host.getCurrentNodeParameter('operation'));
	const operation = provider.operations[name];
	const { values, sought } = typedNow(host, operation);
	if (!sought) return { name: 'Nothing is looked for' };
	const { mode, value: by } = sought;
	const account = await openAccount(host, provider, provider.credentials[0]);
	const find = operation.find![mode](by, values as never);
	const about = { provider, name, operation, account, target: by, by, find };
	const all = await candidatesOf({ ...about, email: null, dryRun: true }, inEditor(host, account));
	if (Array.isArray(all)) return inWords(operation, all);
	const { message = '', description } = all.result;
	return redact({ name: message, description }, account.secrets);
}

/** What stands in the panel now; what an expression will fill in is left out. */
function typedNow(host: ILoadOptionsFunctions, { fields }: Operation): Typed {
	const raw = (name: string) => host.getCurrentNodeParameter(name) ?? fields[name].shown.default;
	const isExpression = (name: string) => String(raw(name)).startsWith('=');
	const fixed = Object.entries(fields).filter(
		([name, { group }]) => group === undefined && !isExpression(name),
	);
	const parameter = Object.assign(raw, { isExpression });
	const around = { timeZone: host.getTimezone(), now: new Date() };
	return typedValues(parameter, Object.fromEntries(fixed), 0, around);
}

function inWords(operation: Operation, all: Candidate[]): Words {
	const open = all.filter(({ state }) => !isDone({ operation }, state));
	const lines = (open.length > 0 ? open : all).map(lineOf);
	if (all.length === 0) return { name: 'Nobody' };
	if (open.length === 1) return { name: lines[0] };
	const name =
		open.length > 1 ? `${open.length} of them` : 'None for which there is anything to do';
	return { name, description: lines.join('; ') };
}
