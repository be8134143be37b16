// Which texts are origins, and which origins a server's address stands for.

import { describe, expect, it } from 'vitest';
import { originsOf, parseOrigins } from './origin.ts';

describe('a list of origins', () => {
  it.each([
    ['https://shop.example', ['https://shop.example']],
    [
      'https://shop.example, http://127.0.0.1:8080,http://[::1]:3000',
      ['https://shop.example', 'http://127.0.0.1:8080', 'http://[::1]:3000'],
    ],
  ])('%j is read as it stands', (text, origins) => {
    expect(parseOrigins(text)).toEqual(origins);
  });

  it.each([
    '',
    '*',
    'null',
    'shop.example',
    'https://shop.example/',
    'https://shop.example/path',
    'https://Shop.example',
    'https://shop.example:443',
    'http://shop.example:80',
    'https://*.shop.example',
    'https://user@shop.example',
    'https://shop.example,',
    'https://shop.example;https://other.example',
    'ftp://shop.example',
    'file://',
    'https://shop.example\nhttps://other.example',
  ])('%j is none', (text) => {
    expect(parseOrigins(text)).toBeUndefined();
  });
});

describe('the pages of a server', () => {
  it.each([
    ['127.0.0.1', 7480, ['http://127.0.0.1:7480', 'http://localhost:7480']],
    ['::1', 7480, ['http://[::1]:7480', 'http://localhost:7480']],
    ['0.0.0.0', 81, ['http://127.0.0.1:81', 'http://localhost:81', 'http://[::1]:81']],
    ['::', 81, ['http://127.0.0.1:81', 'http://localhost:81', 'http://[::1]:81']],
    ['localhost', 80, ['http://127.0.0.1', 'http://localhost', 'http://[::1]']],
    ['Ledger.Example', 7480, ['http://ledger.example:7480']],
    ['fe80::1%eth0', 7480, []],
  ])('on %s and port %d come from its names', (host, port, origins) => {
    expect(originsOf({ host, port })).toEqual(origins);
  });
});
