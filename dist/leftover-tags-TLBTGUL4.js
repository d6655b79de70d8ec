import{c as o}from"./gate-tag-BFCGQ27R.js";import{c as e}from"./saved-configuration-PWGXMVHT.js";function n(r){return[...e(r),...o(r)]}export{n as a};
