import type { Target } from './entity.ts';

/** The target of a request, which notes whether its name and namespace were asked for. */
export class WatchedTarget implements Target {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  namespaceWasAsked = false;
  nameWasAsked = false;
  private readonly ownNamespace: string;
  private readonly ownName: string;

  constructor({ group, resource, subresource, namespace, name }: Target) {
    this.group = group;
    this.resource = resource;
    this.subresource = subresource;
    this.ownNamespace = namespace;
    this.ownName = name;
  }

  get namespace(): string {
    this.namespaceWasAsked = true;
    return this.ownNamespace;
  }

  get name(): string {
    this.nameWasAsked = true;
    return this.ownName;
  }
}
