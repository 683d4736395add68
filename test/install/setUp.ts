import { ensureInstalled } from '../../host/ensureInstalled';

/** Installs what is missing of both lines of n8n, and builds the package. */
export default function setUp(): void {
	ensureInstalled('n8n-2', 'n8n-1');
}
