// The one door of @scrip/gateway.
export { createGateway } from './gateway.ts';
export type { Gateway, GatewayOptions } from './gateway.ts';
