import{a,b,c}from"./settings-of-SW4NEL7Q.js";import"./runtime-3RNHDNP5.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
