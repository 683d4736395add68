import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isPressed, sharedBy } from './pace';

/*
 * Processes on one account (n8n's workers) tell one another by marks in data that all of them see: a
 * workflow's static data. An execution gets it as it was when it was put into the queue, and n8n saves it
 * at the end if it was changed; the last save wins. So whoever writes hands on every mark that it knows,
 * and whoever finds that somebody wrote later and without its own leaves that again. Only who has to
 * wait for the account leaves a mark, once in 20 s.
 */

/** How long a mark is left alone, ms. */
const fresh = 20_000;
/** A process whose mark is older counts no more: it was stopped, or has little to do. */
const gone = 60_000;

/** This process, for as long as it runs. */
const me = Math.random().toString(36).slice(2, 10);

/** By process: its newest mark, ms since 1970. */
type Marks = Record<string, number>;

/** What was seen of an account's processes, wherever. */
const seen = new Map<string, Marks>();
/** By account and place: when this process last left its mark. */
const left = new Map<string, number>();

/** The parts of n8n by which processes see one another. */
export type Common = Pick<
	IExecuteFunctions,
	'getWorkflowStaticData' | 'getWorkflow' | 'getNode' | 'getMode'
>;

/**
 * Divides the pace of these accounts by the processes that share them. The node's part of the static
 * data, not the workflow's: Code nodes list what is in that one.
 * @param keys of the accounts that a run uses
 * @returns call it at the end of the run
 */
export function share(host: Common, keys: Iterable<string>): () => void {
	const data = host.getWorkflowStaticData('node');
	const place = `${host.getWorkflow().id} ${host.getNode().id}`;
	const accounts = [...new Set(keys)];
	for (const key of accounts) countSharers(data, key, Date.now(), place);
	return () => {
		// A retried execution has the data of its first try, and would put it back for all.
		if (host.getMode() === 'retry') return;
		for (const key of accounts) leaveMark(data, key, Date.now(), place);
	};
}

const marksIn = (data: IDataObject) => (data.sharers ?? {}) as Record<string, Marks>;

/**
 * Counts the processes that share an account, and divides its pace by them.
 * @param data as this execution found it
 * @param now ms since 1970
 * @param place whose data it is
 * @returns this process included
 */
export function countSharers(data: IDataObject, key: string, now: number, place: string): number {
	const found = marksIn(data)[key] ?? {};
	const marks = { ...seen.get(key) };
	for (const [process, at] of Object.entries(found)) {
		marks[process] = Math.max(marks[process] ?? 0, Math.min(at, now));
	}
	const young = Object.entries(marks).filter(([, at]) => now - at < gone);
	seen.set(key, Object.fromEntries(young));
	const mine = left.get(`${place} ${key}`) ?? Infinity;
	if ((found[me] ?? 0) < mine && Math.max(...Object.values(found)) > mine) {
		left.delete(`${place} ${key}`);
	}
	const others = young.filter(([process]) => process !== me);
	sharedBy(
		key,
		others.map(([, at]) => gone - (now - at)),
	);
	return 1 + others.length;
}

/**
 * Leaves this process's mark, where it is due. At the end of a run, because n8n saves the data a
 * moment later.
 */
export function leaveMark(data: IDataObject, key: string, now: number, place: string): void {
	const mine = left.get(`${place} ${key}`) ?? 0;
	if (!isPressed(key, fresh) || Math.abs(now - mine) < fresh) return;
	left.set(`${place} ${key}`, now);
	seen.set(key, { ...seen.get(key), [me]: now });
	data.sharers = { ...marksIn(data), [key]: { ...seen.get(key) } };
}
