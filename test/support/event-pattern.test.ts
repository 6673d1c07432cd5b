import { describe, expect, it } from 'vitest';
import { matchesPattern } from './event-pattern.ts';

const call = {
  source: 'aws.lambda',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventName: 'DeleteFunction20150331', tags: ['a', 'b'] },
};

describe('an event matches', () => {
  it.each([
    ['every field of the pattern', { source: ['aws.lambda'], detail: { eventName: ['DeleteFunction20150331'] } }],
    ['one value of several', { source: ['aws.eks', 'aws.lambda'] }],
    ['one member of a list', { detail: { tags: ['b'] } }],
    ['a prefix', { detail: { eventName: [{ prefix: 'DeleteFunction' }] } }],
    ['a suffix', { detail: { eventName: [{ suffix: '0331' }] } }],
    ['what is there', { detail: { eventName: [{ exists: true }] } }],
    ['what is not there', { detail: { errorCode: [{ exists: false }] } }],
    ['anything but', { source: [{ 'anything-but': ['aws.eks'] }] }],
    ['one of two patterns', { $or: [{ source: ['aws.eks'] }, { detail: { tags: ['a'] } }] }],
  ])('%s', (_, pattern) => {
    expect(matchesPattern(pattern, call)).toBe(true);
  });
});

describe('an event does not match', () => {
  it.each([
    ['another value', { source: ['aws.eks'] }],
    ['a value in another case', { source: ['AWS.Lambda'] }],
    ['one field that differs', { source: ['aws.lambda'], detail: { eventName: ['CreateFunction'] } }],
    ['a field it lacks', { detail: { errorCode: ['AccessDenied'] } }],
    ['anything but of a field it lacks', { detail: { errorCode: [{ 'anything-but': ['x'] }] } }],
  ])('%s', (_, pattern) => {
    expect(matchesPattern(pattern, call)).toBe(false);
  });
});

it.each([
  [{ source: [{ numeric: ['>', 1] }] }],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }],
  [{ source: [{ 'anything-but': { prefix: 'a' } }] }],
  ['text'],
])('%j is no guess', (pattern) => {
  expect(() => matchesPattern(pattern, call)).toThrow();
});
