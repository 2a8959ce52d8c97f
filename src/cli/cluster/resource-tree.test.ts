import assert from 'node:assert/strict';
import { formatTree, type ResourceTree, treeToJson } from './resource-tree.ts';

function node(kind: string, name: string, ...children: ResourceTree[]): ResourceTree {
  return { resource: { namespace: '', name, group: 'g', kind }, children };
}

describe('a tree of resources', () => {
  const tree = node(
    'Set',
    's',
    node('A', 'a', node('B', 'b', node('C', 'c')), node('D', 'd')),
    node('E', 'e'),
  );

  it('is drawn as flux draws it', () => {
    assert.equal(
      formatTree(tree),
      `Set/s
├── A/a
│   ├── B/b
│   │   └── C/c
│   └── D/d
└── E/e
`,
    );
  });

  it('has the fields of flux as JSON', () => {
    const resource = (Kind: string, Name: string) => ({
      Namespace: '',
      Name,
      GroupKind: { Group: 'g', Kind },
    });
    assert.deepEqual(treeToJson(node('A', 'a', node('B', 'b'))), {
      resource: resource('A', 'a'),
      resources: [{ resource: resource('B', 'b') }],
    });
  });

  it('shows no character that could reach the terminal', () => {
    assert.equal(formatTree(node('A', 'a\u001b[2J')), 'A/a\\x1b[2J\n');
    assert.equal(formatTree(node('A', 'a\n└── B/b')), 'A/a\\n└── B/b\n');
  });
});
