// The one door of @scrip/gateway.
export { createGateway } from './gateway.ts';
