import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { Operation, Provider } from './contract/provider';
import { joinLabel } from './contract/listSearch';
import { timeOf, type Candidate, type RecordState } from './contract/record';
import { endVerdict } from './contract/verdict';
import { matchPreviewValue } from './fields/resourceLocator';
import { fetchCandidates, candidateLabel } from './lookup/fetchCandidates';
import { withoutImpossible } from './lookup/resolveTargets';
import { isDone } from './model/item';
import { parseFields, type ParsedFields } from './input/parameters';
import { loadAccount } from './http/account';
import { editorContext } from './http/requestWithRetry';
import { redact } from './http/redact';
import { reasonOf } from './model/recordReading';
import { runRecordQuery } from './write/readRecord';

/**
 * What the search of a locator would find now, or what the record query of a target reads, as the one
 * entry of the field under it; reads only.
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
	const { values, searchBy } = currentFields(host, operation);
	if (!searchBy) return await previewRecord(host, { provider, operation, values });
	const { mode, value: by } = searchBy;
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

async function previewRecord(
	host: ILoadOptionsFunctions,
	{ provider, operation, values }: Subject,
): Promise<OptionText> {
	const previews = Object.values(operation.fields).some(({ previewsRecord }) => previewsRecord);
	if (operation.effect === 'read' || !previews) return nothingTyped;
	// Without what an expression will fill in, another record would be read, or it would be read wrongly.
	const open = Object.entries(operation.fields).find(([name]) => isExpressionNow(host, name));
	if (open)
		return { name: `Shown for fixed values: ${open[1].property.displayName} is an expression` };
	const query = operation.recordQuery(values, { email: true });
	if (query.kind === 'unreadable') return { name: query.reason };
	const account = await loadAccount(host, provider, provider.credentials[0]);
	const reading = await runRecordQuery(editorContext(host, account), query);
	const text = reading.kind === 'found' ? describeState(reading.state) : reasonOf(reading);
	return redact({ name: text }, account.secrets);
}

interface Subject {
	provider: Provider;
	operation: Operation;
	values: Record<string, unknown>;
}

/** "canceling, ends 2026-12-31 · ada@example.com", and what the record lacks. */
function describeState({ status, phase, end, email, notes = [] }: RecordState): string {
	const day = timeOf(end)?.slice(0, 10);
	const isScheduled = endVerdict(end).outcome === 'scheduled';
	const past = `has ended${day ? ` on ${day}` : ''}`;
	const future = day ? `ends ${day}` : 'will end';
	const ended = isScheduled ? future : past;
	const phaseText = phase === 'active' ? 'has not ended' : ended;
	return joinLabel(`${status}: ${phaseText}`, email, ...notes);
}

const isExpressionNow = (host: ILoadOptionsFunctions, name: string): boolean =>
	String(host.getCurrentNodeParameter(name) ?? '').startsWith('=');

/** What stands in the panel now; what an expression will fill in is left out. */
function currentFields(host: ILoadOptionsFunctions, { fields }: Operation): ParsedFields {
	const raw = (name: string) => host.getCurrentNodeParameter(name) ?? fields[name].property.default;
	const isExpression = (name: string) => isExpressionNow(host, name);
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
