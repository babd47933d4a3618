/** For Node as it was: `require` of the package, and of a module that imports it. */
const { NDArray } = require('rensa');
const { np } = require('rensa/inference');
const { learn } = require('./learn.mjs');

if (!(np.zeros([1]) instanceof NDArray)) throw new Error('required and imported, the package is there twice');
learn().then((learned) => console.log(JSON.stringify(learned)));
