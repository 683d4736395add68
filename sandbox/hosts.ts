import { isIP } from 'node:net';

/** Whether an address is on this machine. A name counts only if nothing can make it lead elsewhere. */
export function isLoopback({ protocol, hostname }: URL): boolean {
	return (protocol === 'http:' || protocol === 'https:') && isLoopbackName(hostname);
}

/** Whether a host header, with or without a port, names this machine or a container's neighbour. */
export function isLocalHost(host: string | undefined): boolean {
	if (host === undefined || !URL.canParse(`http://${host}`)) return false;
	const { hostname } = new URL(`http://${host}`);
	if (isLoopbackName(hostname) || hostname === 'host.docker.internal') return true;
	return isIP(hostname) === 0 && /^[a-z0-9_-]+$/.test(hostname);
}

function isLoopbackName(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
