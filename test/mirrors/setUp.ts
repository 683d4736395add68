import { makeReady } from '../../host/makeReady';

/** Installs n8n if need be, and builds the package. */
export default function setUp(): void {
	makeReady('n8n-2');
}
