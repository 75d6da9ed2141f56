"""Who lives in the demo: everybody is invented."""

from __future__ import annotations

STAFF = (
    ("camille-moreau", "Camille Moreau", ["csm"]),
    ("yann-bellec", "Yann Bellec", ["csm"]),
    ("louise-tessier", "Louise Tessier", ["lead", "csm"]),
    ("solene-kerbrat", "Solène Kerbrat", ["csm"]),
    ("idriss-benali", "Idriss Benali", ["expert"]),
    ("paul-astier", "Paul Astier", ["billing"]),
    ("claire-vidal", "Claire Vidal", ["privacy"]),
    ("marc-lenoir", "Marc Lenoir", ["executive"]),
)
"""ref, name, roles. The first CSM and the first lead are those of the one-click entry."""

Client = tuple[str, str, str, str, str, str]
"""ref, name, level, and the names of its sponsor, champion and accountant."""

CLIENTS: tuple[Client, ...] = (
    ("maison-vauban", "Maison Vauban", "croissance", "Hélène Vasseur", "Marc-Antoine Liot", "Paul Roussel"),
    ("galeries-ormont", "Galeries Ormont", "croissance", "Bruno Ormont", "Nadia Ferrand", "Luc Perrin"),
    ("fonciere-aubrac", "Foncière Aubrac", "strategique", "Anne Delmas", "Théo Lemaître", "Sonia Brun"),
    (
        "jardineries-montclar",
        "Jardineries Montclar",
        "croissance",
        "Pierre Montclar",
        "Inès Dufay",
        "Jeanne Roy",
    ),
    (
        "librairies-castellane",
        "Librairies Castellane",
        "croissance",
        "Odile Castel",
        "Maël Prigent",
        "Rémi Blanc",
    ),
    ("cuisines-armel", "Cuisines Armel", "croissance", "Armel Le Goff", "Gaëlle Simon", "Nicolas Petit"),
    ("sport-altair", "Sport Altaïr", "strategique", "Karim Haddad", "Léa Fontaine", "Julie Caron"),
    (
        "scad-grand-est",
        "Société Coopérative d’Aménagement et de Développement Commercial du Grand-Est et de ses Filiales",
        "strategique",
        "Bernard Muller",
        "Sophie Klein",
        "Alain Weber",
    ),
    ("hotels-corniche", "Hôtels Corniche", "essentiel", "Diane Rivière", "Hugo Marchand", "Eva Colin"),
    ("cafes-belharra", "Cafés Belharra", "croissance", "Iban Etchart", "Maite Larralde", "Xavier Pons"),
    (
        "chausseurs-rivoire",
        "Chausseurs Rivoire",
        "essentiel",
        "Gérard Rivoire",
        "Lucie Rivoire",
        "Denis Faure",
    ),
    ("optique-solane", "Optique Solane", "croissance", "Solange Anne", "Yves Garnier", "Cécile Roche"),
    ("bijouterie-ravel-azur", "Bijouterie Ravel-Azur", "essentiel", "Roxane Ravel", "Tom Azur", "Lise Noël"),
    ("groupe-sevigny", "Groupe Sévigny", "strategique", "Madeleine Roux", "Jean Sévigny", "Marion Leroy"),
    ("jouets-colibri", "Jouets Colibri", "croissance", "Colette Brillat", "Arthur Duval", "Nina Morel"),
    ("meubles-perceval", "Meubles Perceval", "croissance", "Perrine Val", "Gauvain Roy", "Blanche Loup"),
    ("mutuelle-orphee", "Mutuelle Orphée", "strategique", "Orphée Martin", "Claude Eury", "Régis Styx"),
    ("parfumerie-valdore", "Parfumerie Valdore", "croissance", "Valérie Doré", "Rose Musc", "Ambre Gris"),
    ("pharmacies-du-levant", "Pharmacies du Levant", "essentiel", "Levon Aram", "Mina Soleil", "Paul Orient"),
    ("velos-garance", "Vélos Garance", "essentiel", "Garance Roulin", "Max Pignon", "Zoé Selle"),
    ("epicerie-fontanel", "Épicerie Fontanel", "croissance", "Fanny Tanel", "Basile Thym", "Olive Dunant"),
    ("laines-du-pilat", "Laines du Pilat", "essentiel", "Pilar Laine", "Mérine Dubois", "Agathe Fil"),
    ("brico-valmont", "Brico Valmont", "croissance", "Vincent Valmont", "Marc Vis", "Aline Clou"),
    ("thermes-de-lussan", "Thermes de Lussan", "essentiel", "Lucie Sannier", "Théo Source", "Iris Vapeur"),
    (
        "harcourt-lowe",
        "Harcourt & Lowe Outfitters",
        "croissance",
        "Eleanor Harcourt",
        "James Whitfield",
        "Priya Nair",
    ),
    (
        "verrerie-saint-aubin",
        "Verrerie Saint-Aubin",
        "essentiel",
        "Aubin Carrel",
        "Maud Lescure",
        "Joël Verdier",
    ),
)
"""ref, name, level, sponsor, champion, billing. The last one's agreement has ended."""

ENGLISH = frozenset({"harcourt-lowe"})
"""Clients whose people read English."""

SECTORS = {"fr": "Commerce", "en": "Retail"}
TITLES = {
    "fr": {"sponsor": "Direction", "champion": "Responsable réseau", "billing": "Comptabilité"},
    "en": {"sponsor": "Managing director", "champion": "Network manager", "billing": "Accounts payable"},
}
"""By the client's language, then by seat."""
