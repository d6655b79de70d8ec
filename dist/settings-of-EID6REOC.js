import{a,b,c}from"./settings-of-RSNNYKRF.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
