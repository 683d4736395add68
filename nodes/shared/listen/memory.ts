import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

/** FunnelFox and FirstPromoter go on delivering for a day and longer; a busy day has fewer than this. */
const mostSaved = 500;
const mostHeld = 10_000;

/**
 * What this process has taken in: n8n saves a node's static data only after a delivery, so it does
 * not yet tell of one that comes in at the same moment.
 */
const held = new Set<string>();

export interface Memory {
	/** One of these has come in before. */
	knows(...keys: Key[]): boolean;
	take(...keys: Key[]): void;
}
type Key = string | null | undefined;

const isKey = (key: Key): key is string => typeof key === 'string';

/**
 * Which events a node has taken in. Dropped as far as that goes: several processes that get the same
 * event in the same moment know nothing of each other. A test run remembers nothing.
 */
export function memoryOf(host: IWebhookFunctions): Memory {
	const data: IDataObject = host.getMode() === 'manual' ? {} : host.getWorkflowStaticData('node');
	const saved = () => (data.seen ?? []) as string[];
	const inProcess = (key: string) => `${host.getWorkflow().id} ${host.getNode().id} ${key}`;
	const isHeld = (key: string) => host.getMode() !== 'manual' && held.has(inProcess(key));
	return {
		knows: (...keys) => keys.filter(isKey).some((key) => saved().includes(key) || isHeld(key)),
		take(...keys) {
			data.seen = [...saved(), ...keys.filter(isKey)].slice(-mostSaved);
			for (const key of keys.filter(isKey)) held.add(inProcess(key));
			for (const oldest of held) {
				if (held.size <= mostHeld) break;
				held.delete(oldest);
			}
		},
	};
}
