import { isIP } from 'node:net';

/** Whether a URL leads to this machine. Only names that no DNS server resolves are accepted. */
export function isLoopback({ protocol, hostname }: URL): boolean {
	return (protocol === 'http:' || protocol === 'https:') && isLoopbackName(hostname);
}

/** Whether a Host header, with or without a port, names this machine or a host of the same container network. */
export function isLocalHost(host: string | undefined): boolean {
	if (host === undefined || !URL.canParse(`http://${host}`)) return false;
	const { hostname } = new URL(`http://${host}`);
	if (isLoopbackName(hostname) || hostname === 'host.docker.internal') return true;
	return isIP(hostname) === 0 && /^[a-z0-9_-]+$/.test(hostname);
}

function isLoopbackName(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
