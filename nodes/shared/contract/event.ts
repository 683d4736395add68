import type { IDataObject } from 'n8n-workflow';

/** What happened elsewhere, in the words of the operations; the same for every trigger. */
export interface Happened {
	outcome: 'cancelled' | 'scheduled' | 'restored';
	/** Nothing runs for the target any more, or its end is fixed. */
	ended: boolean;
	/** The provider's name: `funnelFox`. */
	provider: string;
	/** The provider's own word for it, such as `subscription.auto_renew_off`. */
	event: string;
	target: string;
	email: string | null;
	/** When it ends or ended; UTC ISO 8601, as all times. */
	effectiveAt: string | null;
	occurredAt: string | null;
	/** Who began it, in the provider's word (`api`, `psp`). */
	source: string | null;
	eventId: string | null;
	reason: string | null;
	/** What the provider sent or showed, without secrets. */
	raw: IDataObject;
}
