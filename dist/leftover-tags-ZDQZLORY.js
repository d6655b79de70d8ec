import{c as o}from"./gate-tag-4IE5KY2I.js";import{c as e}from"./saved-configuration-7PMUNPR6.js";function n(r){return[...e(r),...o(r)]}export{n as a};
