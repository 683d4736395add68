import type { IDataObject } from 'n8n-workflow';

import { timeOf } from '../contract/record';
import { refused } from '../contract/refusal';
import type { Verdict } from '../contract/verdict';
import { buildUrl } from '../http/baseUrl';
import { maskNamed, maskQuery } from '../http/redact';
import { requestFor, shortHash, type WriteItem } from '../model/item';
import { reasonOf, stateOf, type RecordReading } from '../model/recordReading';

/**
 * A short, URL-safe text that binds a dry run to the live run: a hash of provider, account, operation,
 * target and fields, then what the record looked like.
 */
export function createPlanToken(item: WriteItem, reading: RecordReading): string {
	const record = Buffer.from(JSON.stringify(fingerprint(reading))).toString('base64url');
	return `plan1.${item.digest}.${record}`;
}

/** Status, end and version: all that a live run compares, and shows when it differs. */
function fingerprint(reading: RecordReading): [string, string, string] {
	if (reading.kind === 'missing') return ['missing', '', ''];
	if (reading.kind !== 'found') return ['unread', '', ''];
	const { status, end, version } = reading.state;
	const shortVersion = version.length > 32 ? shortHash(version) : version;
	return [status, timeOf(end) ?? '', shortVersion];
}

/** The plan token was made for this very request, whatever has become of the record since. */
export const isPlannedFor = ({ digest, options: { planToken } }: WriteItem): boolean =>
	planToken?.trim().split('.')[1] === digest;

/**
 * The request and the record are those of the dry run.
 * @throws Refusal (`refused`) where they are not, or the token cannot be read
 */
export function verifyPlanToken(item: WriteItem, reading: RecordReading, token: string): void {
	const { account } = item;
	const [form, digest, record] = token.trim().split('.');
	let planned: unknown;
	try {
		planned = JSON.parse(Buffer.from(record ?? '', 'base64url').toString());
	} catch {
		planned = undefined;
	}
	if (form !== 'plan1' || !Array.isArray(planned)) {
		throw refused('the plan token cannot be read.', 'Use the planToken of a dry run as it is.');
	}
	if (digest !== item.digest) {
		throw refused(
			`the plan token was made for another request on ${account.baseUrl} (planned ${digest}, now ${item.digest}).`,
			'Make a new dry run.',
		);
	}
	const now = fingerprint(reading);
	if (now.join('|') !== planned.join('|')) {
		const inWords = (looked: unknown[]) => looked.filter(Boolean).join(', ');
		throw refused(
			`it has changed since the dry run (planned: ${inWords(planned)}; now: ${inWords(now)}).`,
			'Make a new dry run.',
		);
	}
}

/**
 * What a dry run shows besides the outcome; record and request with Include Response only, so that a
 * table of previews stays readable. The request carries no key.
 */
export function buildPreview(
	item: WriteItem,
	reading: RecordReading,
	{ outcome, effectiveAt = null, description, money }: Verdict,
): IDataObject {
	const planToken = createPlanToken(item, reading);
	return {
		wouldBe: {
			outcome,
			effectiveAt,
			...(money && { money }),
			...(description && { note: description }),
		},
		planToken,
		...(item.options.includeResponse && {
			current: currentRecord(reading),
			request: shownRequest(item, reading),
		}),
		...(item.agent && { nextStep: agentInstructions(item, planToken) }),
	};
}

/** The request that a live run would send. */
function shownRequest(item: WriteItem, reading: RecordReading): IDataObject {
	const request = requestFor(item, stateOf(reading));
	const { method = 'GET', body, form } = request;
	return {
		method,
		url: maskQuery(buildUrl(item.account, request)),
		body: maskNamed(body ?? (form as IDataObject | undefined) ?? null),
	};
}

/** The record in the columns that users know. */
function currentRecord(reading: RecordReading): IDataObject {
	if (reading.kind !== 'found') return { unread: reasonOf(reading) };
	const { phase, end, ...rest } = reading.state;
	// How the request is built is shown by the request itself.
	const known = Object.entries(rest).filter(([name]) => name !== 'values');
	const active = phase === 'active';
	return { ...Object.fromEntries(known), active, endsAt: timeOf(end) };
}

/** What an AI agent does with a preview. */
function agentInstructions({ operation, options }: WriteItem, planToken: string): string {
	const effect = `Nothing has been sent yet. ${operation.agentDescription} Tell the user what would happen.`;
	return options.planToken === undefined
		? `${effect} If the user agrees, call this tool again with the same input and planToken "${planToken}".`
		: `${effect} This tool is set to Dry Run, so it never carries anything out.`;
}
