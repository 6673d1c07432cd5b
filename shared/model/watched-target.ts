import type { Target } from './entity.ts';

/** The target of a request, which notes whether its name and namespace were asked for. */
export class WatchedTarget implements Target {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  private namespaceWasAsked = false;
  private nameWasAsked = false;
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

  /** Whether anybody asked for namespace or name. */
  get wasAsked(): boolean {
    return this.namespaceWasAsked || this.nameWasAsked;
  }

  /** The namespace and then the name, as far as they were asked for: a name means something in its namespace only. */
  get asked(): readonly string[] {
    if (this.nameWasAsked) return [this.ownNamespace, this.ownName];
    return this.namespaceWasAsked ? [this.ownNamespace] : [];
  }
}
