import type { IDataObject } from 'n8n-workflow';

import { refused } from '../contract/refusal';
import type { Verdict } from '../contract/verdict';
import type { Account } from '../http/account';
import { buildUrl } from '../http/baseUrl';
import { shortHash, type WriteItem } from '../model/item';
import { hasState, type RecordReading } from '../model/recordReading';

/**
 * A short, URL-safe text that binds a dry run to the real run: a digest of provider, account,
 * operation, target and fields, then what the record looked like.
 */
export function createPlanToken(item: WriteItem, seen: RecordReading): string {
	return `plan1.${item.digest}.${Buffer.from(JSON.stringify(fingerprint(seen))).toString('base64url')}`;
}

/** Status, end and version: all that a real run compares, and shows when it differs. */
function fingerprint(seen: RecordReading): [string, string, string] {
	if (!hasState(seen)) return ['missing' in seen ? 'missing' : 'unread', '', ''];
	const { status, endsAt, version } = seen.state;
	return [status, endsAt ?? '', version.length > 32 ? shortHash(version) : version];
}

/** The plan token was made for this very request, whatever has become of the record since. */
export const isPlannedFor = ({ digest, options: { planToken } }: WriteItem): boolean =>
	planToken?.trim().split('.')[1] === digest;

/**
 * The request and the record are those of the dry run.
 * @throws Refusal (`refused`) where they are not, or the token cannot be read
 */
export function verifyPlanToken(item: WriteItem, seen: RecordReading, token: string): void {
	const { target, account } = item;
	const [form, digest, record] = token.trim().split('.');
	let planned: unknown;
	try {
		planned = JSON.parse(Buffer.from(record ?? '', 'base64url').toString());
	} catch {
		planned = undefined;
	}
	if (form !== 'plan1' || !Array.isArray(planned)) {
		throw refused(
			`The plan token for "${target}" cannot be read.`,
			'Use the planToken of a dry run as it is.',
		);
	}
	if (digest !== item.digest) {
		throw refused(
			`The plan token was made for another request than "${target}" on ${account.baseUrl} (planned ${digest}, now ${item.digest}).`,
			'Make a new dry run.',
		);
	}
	const now = fingerprint(seen);
	if (now.join('|') !== planned.join('|')) {
		const inWords = (looked: unknown[]) => looked.filter(Boolean).join(', ');
		throw refused(
			`"${target}" has changed since the dry run (planned: ${inWords(planned)}; now: ${inWords(now)}).`,
			'Make a new dry run.',
		);
	}
}

/** What a dry run shows besides the outcome; the request carries no key. */
export function buildPreview(
	item: WriteItem,
	account: Account,
	seen: RecordReading,
	verdict: Verdict,
): IDataObject {
	const { outcome, effectiveAt = null, description } = verdict;
	const { method = 'GET', body, form } = item.request;
	const planToken = createPlanToken(item, seen);
	const current = hasState(seen)
		? { ...seen.state }
		: { unread: 'missing' in seen ? 'There is no such record.' : seen.unread };
	const preview: IDataObject = {
		current,
		wouldBe: { outcome, effectiveAt, ...(description && { note: description }) },
		request: {
			method,
			url: buildUrl(account, item.request),
			body: body ?? (form as IDataObject | undefined) ?? null,
		},
		planToken,
	};
	if (item.agent) preview.nextStep = agentInstructions(item, planToken);
	return preview;
}

/** What an AI agent does with a preview. */
function agentInstructions({ operation, options }: WriteItem, planToken: string): string {
	const effect = `Nothing has been sent yet. ${operation.agentDescription} Tell the user what would happen.`;
	return options.planToken === undefined
		? `${effect} If the user agrees, call this tool again with the same input and planToken "${planToken}".`
		: `${effect} This tool is set to Dry Run, so it never carries anything out.`;
}
