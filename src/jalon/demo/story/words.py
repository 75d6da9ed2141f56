"""What the people of the demo write, in French and in English: everything is invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The sentences of one language."""

    subjects: tuple[str, ...]
    resolutions: tuple[str, ...]
    questions: tuple[str, ...]
    reports: tuple[str, ...]
    needs: tuple[str, ...]
    actions: tuple[str, ...]
    actions_theirs: tuple[str, ...]
    recommendations: tuple[str, ...]
    trainings: tuple[str, ...]
    feedback: tuple[str, ...]
    use_cases: tuple[str, ...]
    summaries: tuple[str, ...]
    objectives: tuple[str, str]
    milestones: tuple[str, str]
    kickoff: tuple[str, str]
    information: tuple[str, str]


FRENCH = Words(
    subjects=(
        "L’export horaire ne contient plus les dimanches",
        "Ajouter le magasin de Pau",
        "Deux zones se chevauchent sur la carte",
        "Le tableau de bord s’ouvre lentement le lundi",
        "Accès pour la nouvelle responsable réseau",
        "Comparer deux semaines de soldes",
        "Le flux piéton de mai paraît trop bas",
        "Changer le logo des rapports",
        "Une étude d’implantation à Lyon",
        "Le filtre « jours ouvrés » est coché par défaut",
        "Le rapport hebdomadaire arrive en double",
        "Fermeture du magasin de Nantes pour travaux",
        "Le concurrent de la rue Sainte-Catherine n’apparaît pas",
        "Recevoir l’alerte sur un autre numéro",
        "Unité des surfaces dans l’export",
        "La zone de chalandise d’Annecy traverse le lac",
        "Un compte bloqué après trois essais",
        "Les visiteurs du parking sont-ils comptés ?",
    ),
    resolutions=(
        "Corrigé et vérifié avec le client.",
        "Réglage changé ; le client confirme.",
        "Zone redessinée, historique recalculé.",
        "Accès ouvert, mode d’emploi envoyé.",
        "Expliqué au téléphone ; l’aide en ligne a été complétée.",
    ),
    questions=(
        "Combien de visiteurs par jour visez-vous au prochain trimestre ?",
        "Quels magasins ferment en août ?",
        "Qui sera votre interlocuteur informatique pour le flux des ventes ?",
        "Les zones de chalandise de l’an dernier sont-elles toujours valables ?",
        "Pouvez-vous confirmer la liste des vingt magasins pilotes ?",
    ),
    reports=(
        "Zones de chalandise, Lyon",
        "Terrasses de Biarritz",
        "Fréquentation des soldes",
        "Potentiel de Nantes",
        "Parkings et flux du samedi",
        "Centres commerciaux de la métropole lilloise",
    ),
    needs=(
        "Pour le comité de direction",
        "Pour choisir entre deux emplacements",
        "Pour renégocier un bail",
        "Pour préparer l’assemblée des adhérents",
    ),
    actions=(
        "Partager les zones avec les directeurs de magasin",
        "Préparer la comparaison des deux dernières campagnes",
        "Former les deux nouveaux responsables régionaux",
        "Relancer les comptes qui ne sont jamais venus",
    ),
    actions_theirs=(
        "Envoyer le calendrier des ouvertures",
        "Désigner un relais par région",
        "Valider la liste des magasins comparés",
    ),
    recommendations=(
        "Commencer par les dix magasins au plus fort potentiel.",
        "Suivre le flux horaire avant de changer les horaires d’ouverture.",
        "Donner un accès aux directeurs régionaux : ils demandent la moitié des exports.",
        "Comparer chaque ouverture à trois magasins semblables, pas à la moyenne du réseau.",
    ),
    trainings=(
        "Lire la fréquentation horaire",
        "Comparer deux emplacements",
        "Construire une zone de chalandise",
        "Préparer un dossier d’implantation",
    ),
    feedback=(
        "Pouvoir comparer deux semaines de soldes côte à côte.",
        "Annoncer les changements de zones quinze jours avant.",
        "Garder les filtres d’une visite à l’autre.",
        "Exporter la carte avec sa légende.",
    ),
    use_cases=("Choix d’emplacement", "Horaires d’ouverture", "Renégociation de bail"),
    summaries=(
        "Un mois régulier : l’usage se maintient et les directeurs régionaux prennent l’habitude de la carte des flux.",
        "L’usage progresse, porté par les nouvelles implantations ; l’export reste la fonction la plus demandée.",
        "Un mois calme. Nous proposons de relancer les comptes qui ne sont pas encore venus.",
        "Deux emplacements ont été écartés grâce aux études du mois : c’est le premier effet visible du plan.",
    ),
    objectives=("Utilisateurs actifs par mois", "Fonctions utilisées"),
    milestones=("magasins pilotes", "déploiement"),
    kickoff=("objectifs", "calendrier"),
    information=("coordonnées", "magasins"),
)

ENGLISH = Words(
    subjects=(
        "The hourly export no longer has Sundays",
        "Add the Lille store",
        "Two catchment areas overlap on the map",
        "The dashboard opens slowly on Mondays",
        "Access for the new network manager",
        "Compare two weeks of sales",
        "May’s footfall looks too low",
        "The weekly report comes twice",
        "Change the logo on the reports",
        "Are car park visitors counted?",
    ),
    resolutions=(
        "Mended and checked with the client.",
        "Setting changed; the client confirms.",
        "Access opened, guide sent.",
        "Explained on the phone; the online help was completed.",
    ),
    questions=(
        "Which stores close in August?",
        "Are last year’s catchment areas still right?",
        "Who will be your IT contact for the sales feed?",
        "Can you confirm the list of pilot stores?",
    ),
    reports=(
        "Catchment areas, Bordeaux",
        "Summer sales footfall",
        "Potential of Lille",
        "Saturday flows and car parks",
    ),
    needs=("For the board", "To choose between two sites", "To renegotiate a lease"),
    actions=(
        "Share the catchment areas with store managers",
        "Prepare the comparison of the last two campaigns",
        "Train the two new area managers",
    ),
    actions_theirs=("Send the calendar of openings", "Name one person for each area"),
    recommendations=(
        "Begin with the ten stores of highest potential.",
        "Watch hourly flows before changing opening hours.",
        "Give area managers an access: they ask for half of the exports.",
    ),
    trainings=("Reading hourly footfall", "Comparing two sites", "Building a catchment area"),
    feedback=("Compare two weeks of sales side by side.", "Export the map with its legend."),
    use_cases=("Site selection", "Opening hours", "Lease negotiation"),
    summaries=(
        "A steady month: use holds, and area managers are taking to the flow map.",
        "Use is growing with the new sites; the export remains the feature most asked for.",
        "A quiet month. We suggest inviting again the accounts that have not come yet.",
    ),
    objectives=("Active users a month", "Features used"),
    milestones=("pilot stores", "roll-out"),
    kickoff=("objectives", "calendar"),
    information=("contacts", "stores"),
)

WORDS = {"fr": FRENCH, "en": ENGLISH}
