import type { Call, Reply } from './call';
import type { Signing } from './signed';

/** How a credential is tested: by a call that changes nothing, and whose answer only a good key gets. */
export interface KeyTest {
	/** The credential's class, which says how a call is signed. */
	credential: new () => Signing;
	call: Call;
	/** Asked of a 2xx only: is it what this call is answered with? Anything else proves nothing. */
	proves(reply: Reply): boolean;
	/** What the product calls its key: "secret key". */
	secret: string;
	/** Where the user finds it: "Project Settings". */
	from: string;
}
