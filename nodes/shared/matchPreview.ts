import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { Operation, Provider } from './contract/provider';
import type { Candidate } from './contract/record';
import { matchPreviewValue } from './fields/resourceLocator';
import { fetchCandidates, candidateLabel } from './lookup/fetchCandidates';
import { withoutImpossible } from './lookup/resolveTargets';
import { isDone } from './model/item';
import { parseFields, type ParsedFields } from './input/parameters';
import { loadAccount } from './http/account';
import { editorContext } from './http/requestWithRetry';
import { redact } from './http/redact';

/**
 * What the search of a locator would find now, as the one entry of the field under it; reads only.
 * Never throws: what is in the way is what it says.
 */
export async function matchPreview(
	this: ILoadOptionsFunctions,
	provider: Provider,
): Promise<INodePropertyOptions[]> {
	const inTheWay = (reason: Error): OptionText => ({ name: reason.message });
	return [{ ...(await preview(this, provider).catch(inTheWay)), value: matchPreviewValue }];
}

/** In a few words, and in full. */
type OptionText = Pick<INodePropertyOptions, 'name' | 'description'>;

const nothingTyped: OptionText = { name: 'Enter a value' };

async function preview(host: ILoadOptionsFunctions, provider: Provider): Promise<OptionText> {
	const name = String(host.getCurrentNodeParameter('operation'));
	const operation = provider.operations[name];
	const { values, lookup } = currentFields(host, operation);
	if (!lookup) return nothingTyped;
	const { mode, value: by } = lookup;
	const account = await loadAccount(host, provider, provider.credentials[0]);
	const search = operation.searches?.[mode]?.(by, values);
	if (!search) return nothingTyped;
	const about = { provider, operationName: name, operation, account, target: by, by, search };
	const all = await fetchCandidates(
		{ ...about, email: null, reason: null, dryRun: true },
		editorContext(host, account),
	);
	if (all.kind === 'found') {
		return describe(about, withoutImpossible(operation, all.candidates, values));
	}
	const { message = '', description } = all.result;
	return redact({ name: message, description }, account.secrets);
}

/** What stands in the panel now; what an expression will fill in is left out. */
function currentFields(host: ILoadOptionsFunctions, { fields }: Operation): ParsedFields {
	const raw = (name: string) => host.getCurrentNodeParameter(name) ?? fields[name].property.default;
	const isExpression = (name: string) => String(raw(name)).startsWith('=');
	const fixed = Object.entries(fields).filter(
		([name, { group }]) => group === undefined && !isExpression(name),
	);
	const parameter = Object.assign(raw, { isExpression });
	const around = { timeZone: host.getTimezone(), now: new Date() };
	return parseFields(parameter, Object.fromEntries(fixed), 0, around);
}

function describe(
	{ operation, provider }: { operation: Operation; provider: Provider },
	all: Candidate[],
): OptionText {
	const { value: noun } = provider.resource;
	const open = all.filter(({ state }) => !isDone({ operation }, state));
	const lines = (open.length > 0 ? open : all).map(candidateLabel);
	if (all.length === 0) return { name: `No ${noun} found` };
	if (open.length === 1) return { name: lines[0] };
	const nothingLeft = operation.effect === 'restore' ? 'Nothing to resume' : 'Already cancelled';
	const name = open.length > 1 ? `${open.length} active ${noun}s: choose one By ID` : nothingLeft;
	return { name, description: lines.join('; ') };
}
