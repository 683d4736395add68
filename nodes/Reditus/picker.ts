import { readable, type Picker } from '../shared/contract/picker';
import { isEmail } from '../shared/fields/text';
import { attributesOf, instantOf, pageAfter, referralsIn } from './replies';

/** The list behind the Referral ID field: those of the e-mail that was typed, else the first ones. */
export const referralsByEmail: Picker = {
	needs: (typed) =>
		typed === '' || isEmail(typed)
			? undefined
			: 'Type the whole e-mail address: Reditus finds no parts of one.',
	request: (typed, page = '1') => ({
		path: '/v1/referrals',
		query: { email_eq: typed || undefined, page: Number(page), per_page: 50 },
	}),
	rows: referralsIn,
	item(referral) {
		const { email, state, state_set_at } = attributesOf(referral);
		const day = instantOf(state_set_at)?.slice(0, 10);
		return {
			name: readable(email, state, day && `since ${day}`, referral.id),
			value: String(referral.id),
		};
	},
	nextPage: (reply) => pageAfter(reply)?.toString(),
};
