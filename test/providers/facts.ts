import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

/** A request to the sandbox, and the described call whose reply it shows. */
export interface Ask {
	/** The `operationId` in test/specs. */
	call: string;
	/** Below the sandbox's address. */
	path: string;
	headers: Record<string, string>;
	json?: unknown;
	/** Sent as a form. */
	form?: Record<string, string>;
	status: number;
	/** The status without a key. Default 401. */
	withoutKey?: number;
	/** Sent first; the ID in its answer stands for `{made}` in the path. */
	made?: Ask;
}

/** What the tests that hold for every provider know of one; its file is found by its folder. */
export interface Facts {
	/**
	 * One runnable call for each operation, addressed to a sample of the sandbox; `address` puts any
	 * text where the target goes.
	 */
	samples: Record<string, (address: string) => IDataObject>;
	/** Whom the samples address in the sandbox: Ada. */
	ada: string;
	/** The account of the sandbox at an address. */
	account(url: string): Record<string, ICredentialDataDecryptedObject>;
	/**
	 * The public contract, the fields of each operation: saved workflows depend on these names. Add to
	 * them; never rename one.
	 */
	names: Record<string, string[]>;
	/** Options of its own, each with its default in the panel. */
	ownOptions?: Record<string, IDataObject>;
	/** By what else than its ID an operation's target is found: modes of the locator, saved in workflows. */
	sought?: Record<string, string[]>;
	/** What another program may change in Ada's record; absent where a sample's record cannot be read. */
	change?: IDataObject;
	/** What the path of the sandbox may look like for writes and their looks. */
	path: RegExp;
	/** The only names in the query of these. */
	query: string[];
	/** At least one accepted request for each call that is described. */
	asks: Ask[];
}

/** A target by ID, as the editor stores it. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
