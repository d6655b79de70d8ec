import{a,b,c}from"./settings-of-MYMEHKPT.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
