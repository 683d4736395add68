import { ensureInstalled } from '../../host/ensureInstalled';

/** Installs n8n if need be, and builds the package. */
export default function setUp(): void {
	ensureInstalled('n8n-2');
}
