import type { IDataObject } from 'n8n-workflow';

/** FunnelFox and FirstPromoter go on delivering for a day and longer; a busy day has fewer than this. */
const most = 500;

/**
 * Which events have come in already, in the node's static data. n8n keeps it after each delivery, so
 * two that come in the same moment may both pass.
 */
export function seenBefore(data: IDataObject, keys: Array<string | null | undefined>): boolean {
	const seen = (data.seen ?? []) as string[];
	return keys.some((key) => typeof key === 'string' && seen.includes(key));
}

export function remember(data: IDataObject, keys: Array<string | null | undefined>): void {
	const seen = (data.seen ?? []) as string[];
	data.seen = [...seen, ...keys.filter((key) => typeof key === 'string')].slice(-most);
}
