import { HttpCancellationApi } from '../../credentials/HttpCancellationApi.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { asObject, isWebPage } from '../shared/contract/http';
import { invalid } from '../shared/contract/refusal';
import { holdsId, parsePath } from './pathTemplate';

/** The path that the user names: it should answer with JSON, and only to a valid key. */
export const credentialCheck: CredentialCheck = {
	credential: HttpCancellationApi,
	secretIsHeader: true,
	request({ testPath }) {
		if (typeof testPath !== 'string' || testPath.trim() === '') {
			throw invalid(
				'The key cannot be tested, because there is no Test Path. It is saved as it is.',
				'Fill in a path that your API answers only with a valid key, such as /me.',
			);
		}
		const path = parsePath(testPath, 'Test Path');
		if (holdsId(path)) throw invalid('Test Path holds {id}.', 'Write out a path without it.');
		return { path };
	},
	/** Of an API that nothing is known of: JSON, and no error inside. */
	accepts(response) {
		const { body } = response;
		if (isWebPage(response) || typeof body !== 'object' || body === null) return false;
		const { error, errors } = asObject(body);
		return !error && !errors;
	},
	keyLabel: 'header value',
	keyLocation: "your API's settings",
};
