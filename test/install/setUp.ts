import { makeReady } from '../../host/makeReady';

/** Installs what is missing of both lines of n8n, and builds the package. */
export default function setUp(): void {
	makeReady('n8n-2', 'n8n-1');
}
