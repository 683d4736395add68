import type { Clock } from '../../clock';
import { sampleId } from './ids';
import { type Customer, seconds } from './wire';

/** A customer as Stripe shows one that was never changed. */
export function customer(
	clock: Clock,
	name: string,
	email: string | null,
	livemode = true,
): Customer {
	return {
		id: sampleId('cus', name),
		object: 'customer',
		address: null,
		balance: 0,
		created: seconds(clock.midnight(-400)),
		currency: 'usd',
		customer_account: null,
		default_source: null,
		delinquent: false,
		description: null,
		discount: null,
		email,
		invoice_prefix: 'SANDBOX',
		invoice_settings: {
			custom_fields: null,
			default_payment_method: null,
			footer: null,
			rendering_options: null,
		},
		livemode,
		metadata: {},
		name: null,
		next_invoice_sequence: 2,
		phone: null,
		preferred_locales: [],
		shipping: null,
		tax_exempt: 'none',
		test_clock: null,
	};
}
