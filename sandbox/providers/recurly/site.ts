import type { Clock } from '../../clock';
import type { Site } from './access';
import { sampleId } from './ids';

/** A site as the API shows it. */
export const siteOf = (site: Site, clock: Clock) => ({
	id: sampleId('site', site),
	object: 'site',
	subdomain: site === 'production' ? 'example' : 'example-sandbox',
	public_api_key: `ewr1-sandbox-${site}`,
	mode: site,
	address: null,
	settings: {
		billing_address_requirement: 'none',
		accepted_currencies: ['USD'],
		default_currency: 'USD',
	},
	features: ['subscription_terms'],
	created_at: clock.midnight(-900),
	updated_at: clock.midnight(-400),
	deleted_at: null,
});
