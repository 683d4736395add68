import type { RequestContext } from '../http/requestWithRetry';
import type { WriteItem } from '../model/item';
import type { Ledger } from '../run/ledger';
import type { Handover } from '../run/targetLock';

/** What one write is carried out with. */
export interface WriteContext {
	item: WriteItem;
	/** How its requests are made; its signal ends every wait. */
	request: RequestContext;
	/** Aborted as soon as nothing more may be sent; what has been sent is still waited for. */
	sendSignal: AbortSignal;
	ledger: Ledger;
	/** What the write before on this target has left. */
	handover?: Handover;
}
