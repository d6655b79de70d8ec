import{a,b,c}from"./settings-of-VQ6XELMH.js";import"./runtime-3RNHDNP5.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
